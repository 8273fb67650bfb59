import os

import boto3

CLIENTS = {"s3": boto3.client("s3"), "sqs": boto3.client("sqs")}
TABLES = {"orders": os.environ["ORDERS"], "users": "users"}
BUCKETS = ["one", "two"]
HANDLERS = {}
dynamodb = boto3.resource("dynamodb")
tables = {name: dynamodb.Table(value) for name, value in TABLES.items()}


def register(name):
    def inner(function):
        HANDLERS[name] = function
        return function

    return inner


@register("create")
def create(event):
    tables["orders"].put_item(Item=event)  #? dynamodb.PutItem TableName=env:ORDERS


@register("remove")
def remove(event):
    dynamodb.Table(TABLES["users"]).delete_item(Key=event)  #? dynamodb.DeleteItem TableName=users


def handler(event, context):
    CLIENTS["sqs"].purge_queue(QueueUrl="https://sqs.eu-west-1.amazonaws.com/111122223333/q")  #? sqs.PurgeQueue
    for bucket in BUCKETS:
        CLIENTS["s3"].head_bucket(Bucket=bucket)  #? s3.HeadBucket Bucket=one & s3.HeadBucket Bucket=two
    for name, table in tables.items():
        table.scan()  #? dynamodb.Scan TableName=env:ORDERS & dynamodb.Scan TableName=users
    HANDLERS[event["action"]](event)
    action = HANDLERS.get(event["action"])
    if action:
        action(event)
    for client, topic in [(boto3.client("sns"), "arn:aws:sns:eu-west-1:111122223333:t")]:
        client.publish(TopicArn=topic, Message="m")  #? sns.Publish TopicArn=arn:aws:sns:eu-west-1:111122223333:t
    first, *others = [os.environ["P1"], "p2", "p3"]
    ssm = boto3.client("ssm")
    ssm.get_parameter(Name=first)  #? ssm.GetParameter Name=env:P1
    ssm.get_parameters(Names=others)  #? ssm.GetParameters
    which = event.get("which")
    ssm.delete_parameter(Name={"a": "/a", "b": "/b"}[which])  #? ssm.DeleteParameter Name=/a|/b
