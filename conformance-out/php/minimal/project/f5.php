<?php
function f() { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); return "k"; }
return function ($event, $context) {
$a = ["k" => 1];
$x = isset($a[f()]);
};
