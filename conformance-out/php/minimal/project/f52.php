<?php
return function ($event, $context) {
foreach ([] as $x) {}
if (!isset($x)) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
