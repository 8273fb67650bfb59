import urllib.request

import boto3
import httpx
import requests

session = requests.Session()


def handler(event, context):
    requests.get("https://example.com/get_object")
    requests.delete("https://example.com")
    session.put("https://example.com", data=b"x")
    session.send_message(QueueUrl="https://sqs.us-east-1.amazonaws.com/1/q", MessageBody="x")
    with httpx.Client() as client:
        client.get("https://s3.amazonaws.com/b/k")
        client.publish(TopicArn="arn:aws:sns:us-east-1:1:t", Message="x")
    urllib.request.urlopen("https://dynamodb.us-east-1.amazonaws.com/")
    return boto3.__version__
