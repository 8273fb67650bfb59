<?php
function f() { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); return "k"; }
return function ($event, $context) {
$x = [f() => 1];
};
