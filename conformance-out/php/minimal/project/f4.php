<?php
function f() { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); return 1; }
return function ($event, $context) {
$x = empty(f());
};
