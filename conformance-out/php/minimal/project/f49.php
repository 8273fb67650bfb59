<?php
return function ($event, $context) {
$a = [1];
$b = $a;
$b[] = 2;
if (count($a) === 1) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
