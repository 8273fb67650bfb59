<?php
return function ($event, $context) {
$a = [true => "x"];
if ($a[1] === "x") { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
