import os

import boto3


def saver(table):
    client = boto3.client("dynamodb")

    def save(item):
        client.put_item(TableName=table, Item=item)  #? dynamodb.PutItem TableName=env:A & dynamodb.PutItem TableName=b

    return save


def counter():
    s3 = None

    def get():
        nonlocal s3
        if s3 is None:
            s3 = boto3.client("s3")
        return s3

    return get


get_s3 = counter()
save_a = saver(os.environ["A"])
later = lambda bucket: get_s3().list_objects_v2(Bucket=bucket)  #? s3.ListObjectsV2 Bucket=logs


def pair():
    sns = boto3.client("sns")

    def publish(topic):
        sns.publish(TopicArn=topic, Message="m")  #? sns.Publish TopicArn=env:TOPIC

    def unsubscribe(arn):
        sns.unsubscribe(SubscriptionArn=arn)

    return publish, unsubscribe


publish, unsubscribe = pair()


def handler(event, context):
    save_a(event)
    saver("b")(event)
    later("logs")
    publish(os.environ["TOPIC"])
