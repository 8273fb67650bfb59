<?php
return function ($event, $context) {
$x = true and false;
if ($x === true) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
