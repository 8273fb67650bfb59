<?php
return function ($event, $context) {
$n = 0;
while (true) { if (++$n > 10) break; }
if ($n === 11) { (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']); }
};
