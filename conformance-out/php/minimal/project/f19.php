<?php
class A { function f($x) {} }
function g() { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
return function ($event, $context) {
$a = new A;
$a?->f(g());
};
