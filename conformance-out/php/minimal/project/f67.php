<?php
interface f { const c = 2; }
function f($x = f::c) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
return function ($event, $context) {
f();
};
