<?php
class A { function f() { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); } }
class B extends A { function f() {} function run() { call_user_func([$this, "parent::f"]); } }
return function ($event, $context) {
(new B)->run();
};
