import boto3

table = boto3.resource("dynamodb").Table("aliased")
put, get = table.put_item, table.get_item


class Store:
    read = staticmethod(get)

    def __init__(self):
        self.write = put


def run(event):
    store = Store()
    store.write(Item={})  #? dynamodb.PutItem TableName=aliased
    store.read(Key={})  #? dynamodb.GetItem TableName=aliased
