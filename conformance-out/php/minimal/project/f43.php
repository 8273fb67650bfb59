<?php
return function ($event, $context) {
if (substr_count("aa", "a") === 2) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
