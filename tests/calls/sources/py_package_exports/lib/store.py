import boto3

from .names import TABLE


class Store:
    def __init__(self, name=TABLE):
        self.table = boto3.resource("dynamodb").Table(name)

    def save(self, item):
        self.table.put_item(Item=item)  #? dynamodb.PutItem TableName=first & dynamodb.PutItem TableName=second
