<?php
return function ($event, $context) {
if (($x = 5) && $x === 5) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
