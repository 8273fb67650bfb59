<?php
return function ($event, $context) {
declare(ticks=1) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
