<?php
return function ($event, $context) {
$a = [function () { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }, "__invoke"];
$a();
};
