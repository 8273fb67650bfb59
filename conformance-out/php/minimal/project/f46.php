<?php
return function ($event, $context) {
$a = ["1" => "x"];
if ($a[1] === "x") { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
