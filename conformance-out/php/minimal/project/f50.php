<?php
class A { public $x = 1; }
return function ($event, $context) {
$a = new A;
$b = $a;
$b->x = 2;
if ($a->x === 2) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
