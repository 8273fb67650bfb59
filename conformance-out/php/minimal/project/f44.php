<?php
return function ($event, $context) {
if (0o17 === 15 && 017 === 15) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
