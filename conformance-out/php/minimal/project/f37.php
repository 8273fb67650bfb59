<?php
return function ($event, $context) {
$s = "a";
$s++;
if ($s === "b") { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
