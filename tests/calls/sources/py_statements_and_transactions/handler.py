import os

import boto3

client = boto3.client("dynamodb")
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
SELECT = 'SELECT * FROM "{}" WHERE id = ?'


def handler(event, context):
    client.execute_statement(Statement='SELECT * FROM "orders"."byDate" WHERE day = ?')  #? dynamodb.ExecuteStatement
    client.execute_statement(Statement=SELECT.format(os.environ["TABLE"]))  #? dynamodb.ExecuteStatement
    client.batch_execute_statement(Statements=[{"Statement": "DELETE FROM t WHERE id = 1"}])  #? dynamodb.BatchExecuteStatement
    client.execute_transaction(TransactStatements=[{"Statement": "INSERT INTO t VALUE {'id': 1}"}])  #? dynamodb.ExecuteTransaction
    client.transact_write_items(TransactItems=[{"Put": {"TableName": "a", "Item": {}}}])  #? dynamodb.TransactWriteItems
    client.transact_get_items(TransactItems=[{"Get": {"TableName": "a", "Key": {}}}])  #? dynamodb.TransactGetItems
    table.meta.client.transact_write_items(TransactItems=[{"Delete": {"TableName": table.name, "Key": {}}}])  #? dynamodb.TransactWriteItems
    boto3.client("dynamodbstreams").describe_stream(StreamArn="s")  #? dynamodbstreams.DescribeStream StreamArn=s
