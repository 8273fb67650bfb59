<?php
return function ($event, $context) {
if (7 % 3 === 1) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
