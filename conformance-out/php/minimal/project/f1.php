<?php
function f() { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
return function ($event, $context) {
F();
};
