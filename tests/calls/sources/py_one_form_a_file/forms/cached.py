from functools import lru_cache

import boto3


@lru_cache(maxsize=None)
def client(service):
    return boto3.client(service)


def run(event):
    client("s3").get_object(Bucket="cached", Key="k")  #? s3.GetObject Bucket=cached
    client("sqs").list_queues()  #? sqs.ListQueues
