<?php
return function ($event, $context) {
if (1.0 !== 1) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
