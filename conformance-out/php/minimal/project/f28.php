<?php
return function ($event, $context) {
iterator_to_array(new ArrayIterator([function () { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }]))[0]();
};
