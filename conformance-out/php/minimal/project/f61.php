<?php
return function ($event, $context) {
$n = 0;
$f = function () use (&$n) { $n++; };
$f();
if ($n === 1) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
