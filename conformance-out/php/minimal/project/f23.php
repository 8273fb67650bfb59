<?php
class A { function f() { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); } }
return function ($event, $context) {
$a = new A;
WeakReference::create($a)->get()->f();
};
