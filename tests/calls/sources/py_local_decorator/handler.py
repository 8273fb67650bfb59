import functools

import boto3

table = boto3.resource("dynamodb").Table("audit")


def audited(function):
    @functools.wraps(function)
    def inner(event, context):
        table.put_item(Item={"id": event["id"]})  #? dynamodb.PutItem TableName=audit
        return function(event, context)

    return inner


@audited
def handler(event, context):
    return table.scan()  #? dynamodb.Scan TableName=audit
