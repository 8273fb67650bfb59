<?php
class A { public $x; }
return function ($event, $context) {
$a = (new ReflectionClass("A"))->newLazyProxy(function ($o) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); return new A; });
$x = $a->x;
};
