import os

import boto3

_client = None


def client():
    global _client
    if _client is None:
        _client = boto3.client("sqs")
    return _client


def handler(event, context):
    for record in event["Records"]:
        client().send_message(QueueUrl=os.getenv("QUEUE_URL", "none"), MessageBody=record["body"])  #? sqs.SendMessage QueueUrl=env:QUEUE_URL
