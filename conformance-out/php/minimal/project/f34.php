<?php
return function ($event, $context) {
if (null == false) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
