<?php
return function ($event, $context) {
$n = 0;
$f = function () use ($n) { $n++; return $n; };
$f();
if ($n === 0) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
