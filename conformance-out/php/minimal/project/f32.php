<?php
return function ($event, $context) {
if ((1 <=> 2) === -1) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
