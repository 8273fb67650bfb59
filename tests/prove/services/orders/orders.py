import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS"])


def place(event, context):
    table.put_item(Item={"id": "1", "state": "placed"})
    return {"statusCode": 201}


def ship(event, context):
    for record in event["Records"]:
        boto3.client("sns").publish(TopicArn=os.environ["SHIPPED"], Message=record["body"])
    if not event["Records"]:
        table.delete_item(Key={"id": "1"})
