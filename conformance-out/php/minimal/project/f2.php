<?php
class A { function doIt() { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); } }
return function ($event, $context) {
(new a)->DOIT();
};
