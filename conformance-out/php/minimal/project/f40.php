<?php
return function ($event, $context) {
if (2 ** 3 === 8) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
