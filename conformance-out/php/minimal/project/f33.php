<?php
return function ($event, $context) {
if ("10" == "1e1") { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
