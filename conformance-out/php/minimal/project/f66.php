<?php
class A { static function name() { return static::class; } }
class B extends A {}
return function ($event, $context) {
$n = B::name();
if ($n === "B") { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
