import functools
import os

import boto3

from middleware import Middleware, inject_table, logged, timed, with_client


@logged
@timed("handler")
@inject_table(os.environ["TABLE"])
def handler(event, context, table):
    table.put_item(Item=event)  #? dynamodb.PutItem TableName=env:TABLE
    publish(event)
    Worker().work(event)
    wrapped(event)


@with_client("sns")
def publish(client, event):
    client.publish(TopicArn="arn:aws:sns:eu-west-1:111122223333:t", Message="m")  #? sns.Publish TopicArn=arn:aws:sns:eu-west-1:111122223333:t


class Worker:
    @with_client("sqs", keyword=True)
    def work(self, event, client=None):
        client.send_message(QueueUrl="q", MessageBody="")  #? sqs.SendMessage QueueUrl=q

    @property
    @functools.lru_cache()
    def cached(self):
        return boto3.client("s3")


@Middleware
def wrapped(event):
    boto3.client("s3").list_buckets()  #? s3.ListBuckets
