import os

import boto3


class Store:
    def __init__(self, client, table):
        self.client = client
        self.table = table

    def save(self, item):
        self.client.put_item(TableName=self.table, Item=item)  #? dynamodb.PutItem TableName=env:TABLE

    def unused(self):
        self.client.delete_item(TableName=self.table, Key={})


store = Store(boto3.client("dynamodb"), os.environ["TABLE"])


def handler(event, context):
    store.save(event["item"])
