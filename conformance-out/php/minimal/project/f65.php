<?php
trait T { static function name() { return __CLASS__; } }
class A { use T; }
return function ($event, $context) {
if (A::name() === "A") { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
