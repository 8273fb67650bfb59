import boto3


class Ledger:
    def __init__(self, name):
        self.table = boto3.resource("dynamodb").Table(name)

    def read(self, key):
        return self.table.get_item(Key={"id": key})  #? dynamodb.GetItem TableName=config & dynamodb.GetItem TableName=g & dynamodb.GetItem TableName=state & dynamodb.GetItem TableName=thread & dynamodb.GetItem TableName=context

    def erase(self, key):
        self.table.delete_item(Key={"id": key})
