<?php
function f(&$x) { $x++; }
return function ($event, $context) {
$n = 0;
f($n);
if ($n === 1) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
