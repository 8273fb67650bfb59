<?php
class A { public $x = 1; }
return function ($event, $context) {
if (new A == new A) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
