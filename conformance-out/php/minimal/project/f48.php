<?php
return function ($event, $context) {
$a = [null => "x"];
if ($a[""] === "x") { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
