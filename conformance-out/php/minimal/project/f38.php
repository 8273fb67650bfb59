<?php
return function ($event, $context) {
if (!"0") { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
