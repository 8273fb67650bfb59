<?php
return function ($event, $context) {
$s = new SplFixedArray(1);
$s[0] = function () { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); };
$s[0]();
};
