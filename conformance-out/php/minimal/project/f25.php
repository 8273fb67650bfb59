<?php
return function ($event, $context) {
$s = new SplStack;
$s->push(function () { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); });
$s->pop()();
};
