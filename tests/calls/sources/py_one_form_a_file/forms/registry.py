import boto3

HANDLERS = {}


def handles(kind):
    def register(function):
        HANDLERS[kind] = function
        return function

    return register


@handles("create")
def create(item):
    boto3.client("dynamodb").put_item(TableName="registry", Item=item)  #? dynamodb.PutItem TableName=registry


def run(event):
    HANDLERS[event["kind"]](event)
