<?php
return function ($event, $context) {
?>
<p><?= (new \Aws\DynamoDb\DynamoDbClient([]))->putItem(['TableName' => 't']) ? 1 : 2 ?></p>
<?php
};
