<?php
function f() { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); return "x"; }
return function ($event, $context) {
$x = print f();
};
