<?php
return function ($event, $context) {
$m = new WeakMap;
$k = new stdClass;
$m[$k] = function () { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); };
$m[$k]();
};
