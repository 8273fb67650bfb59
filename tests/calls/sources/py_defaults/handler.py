import os

import boto3

TABLE = os.environ.get("TABLE", "orders")
client = boto3.client("dynamodb")


def get(key, table=TABLE, dynamodb=client):
    return dynamodb.get_item(TableName=table, Key=key)  #? dynamodb.GetItem TableName=env:TABLE & dynamodb.GetItem TableName=other


def remove(key, table=None):
    if table is None:
        table = TABLE
    client.delete_item(TableName=table, Key=key)  #? dynamodb.DeleteItem TableName=env:TABLE


def update(key, *, table="fixed", **kwargs):
    client.update_item(TableName=table, Key=key)  #? dynamodb.UpdateItem TableName=fixed


def handler(event, context, s3=boto3.client("s3")):
    get(event)
    get(event, "other")
    remove(event)
    update(event)
    s3.list_buckets()  #? s3.ListBuckets
