<?php
class A { static $n = 0; }
return function ($event, $context) {
A::$n++;
if (A::$n === 1) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
