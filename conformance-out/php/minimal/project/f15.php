<?php
function f() { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); return 0; }
return function ($event, $context) {
[f() => $x] = [1];
};
