<?php
return function ($event, $context) {
if ((true ? false : true) === false) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
