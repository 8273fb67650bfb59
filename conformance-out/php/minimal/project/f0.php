<?php
function f() { class A { static function g() { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); } } }
return function ($event, $context) {
f();
A::g();
};
