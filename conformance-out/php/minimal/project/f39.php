<?php
return function ($event, $context) {
if (![]) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
