<?php
function f() { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); return new stdClass; }
return function ($event, $context) {
$x = (f())::class;
};
