<?php
return function ($event, $context) {
if ("abc"[-1] === "c") { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
