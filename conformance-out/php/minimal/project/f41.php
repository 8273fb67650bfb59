<?php
return function ($event, $context) {
if (1 << 3 === 8) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
