import os

import boto3

import storage


def save(table, item):
    table.put_item(Item=item)  #? dynamodb.PutItem TableName=env:ORDERS


def notify(client, topic, *, message):
    client.publish(TopicArn=topic, Message=message)  #? sns.Publish TopicArn=env:TOPIC


def read(bucket, key, client=None):
    client = client or boto3.client("s3")
    return client.get_object(Bucket=bucket, Key=key)  #? s3.GetObject Bucket=uploads Key=?


def with_both(clients):
    queue, store = clients
    queue.send_message(QueueUrl=os.getenv("QUEUE"), MessageBody="x")  #? sqs.SendMessage QueueUrl=env:QUEUE
    store.head_object(Bucket="uploads", Key="a")  #? s3.HeadObject Bucket=uploads Key=a


def handler(event, context):
    dynamodb = boto3.resource("dynamodb")
    save(dynamodb.Table(os.environ["ORDERS"]), event)
    notify(topic=os.environ["TOPIC"], message="x", client=boto3.client("sns"))
    read("uploads", event["key"])
    with_both((boto3.client("sqs"), boto3.client("s3")))
    storage.archive(event, client=boto3.client("s3"), bucket=os.environ.get("ARCHIVE", "archive"))
