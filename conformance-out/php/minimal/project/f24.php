<?php
return function ($event, $context) {
$a = new ArrayObject(["f" => function () { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }]);
$a["f"]();
};
