from contextlib import ExitStack, contextmanager

import boto3


@contextmanager
def table(name):
    yield boto3.resource("dynamodb").Table(name)


def run(event):
    with ExitStack() as stack:
        stack.enter_context(table("managed")).get_item(Key={})  #? dynamodb.GetItem TableName=managed
