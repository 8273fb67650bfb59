<?php
function f() { static $n = 0; return ++$n; }
return function ($event, $context) {
f();
if (f() === 2) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
