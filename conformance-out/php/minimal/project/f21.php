<?php
return function ($event, $context) {
array_map(function ($a, $b) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }, [1], [2]);
};
