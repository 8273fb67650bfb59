<?php
function f() { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); return true; }
return function ($event, $context) {
$x = true xor f();
};
