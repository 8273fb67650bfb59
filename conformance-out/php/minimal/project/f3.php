<?php
class A { public $x = 1; }
function f() { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); return new A; }
return function ($event, $context) {
$x = isset(f()->x);
};
