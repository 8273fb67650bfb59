<?php
class A { public $x; }
return function ($event, $context) {
$a = (new ReflectionClass("A"))->newLazyGhost(function ($o) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); });
$x = $a->x;
};
