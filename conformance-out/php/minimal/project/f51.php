<?php
return function ($event, $context) {
$a = [-5 => 1];
$a[] = 2;
if (isset($a[-4]) || isset($a[0])) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
