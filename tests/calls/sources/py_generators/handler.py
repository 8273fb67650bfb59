import asyncio
import contextlib
from contextlib import asynccontextmanager, contextmanager

import boto3

dynamodb = boto3.client("dynamodb")


def pages(table):
    token = None
    while True:
        page = dynamodb.scan(TableName=table)  #? dynamodb.Scan TableName=users
        yield from page["Items"]
        token = page.get("LastEvaluatedKey")
        if not token:
            return


async def tables():
    for name in ("one", "two"):
        yield name


async def drain():
    async for name in tables():
        dynamodb.describe_table(TableName=name)  #? dynamodb.DescribeTable TableName=one|two


@contextmanager
def client(service):
    made = boto3.client(service)
    try:
        yield made
    finally:
        print("closed")


class Session:
    def __init__(self, bucket):
        self.bucket = bucket

    def __enter__(self):
        self.s3 = boto3.client("s3")
        return self

    def __exit__(self, *error):
        self.s3.put_object(Bucket=self.bucket, Key="log")  #? s3.PutObject Bucket=logs Key=log

    def read(self, key):
        return self.s3.get_object(Bucket=self.bucket, Key=key)  #? s3.GetObject Bucket=logs Key=in


@asynccontextmanager
async def connect():
    async with contextlib.AsyncExitStack() as stack:
        yield boto3.client("sns")


class Pages:
    def __init__(self, names):
        self.names = names

    def __iter__(self):
        for name in self.names:
            yield name


async def later():
    async with connect() as sns:
        sns.list_topics()  #? sns.ListTopics


def handler(event, context):
    for item in pages("users"):
        dynamodb.delete_item(TableName="users", Key=item)  #? dynamodb.DeleteItem TableName=users
    with client("sqs") as sqs, Session("logs") as session:
        sqs.list_queues()  #? sqs.ListQueues
        session.read("in")
    for name in Pages(["p", "q"]):
        dynamodb.describe_continuous_backups(TableName=name)  #? dynamodb.DescribeContinuousBackups TableName=p|q
    asyncio.run(drain())
    asyncio.run(later())
    with contextlib.suppress(ValueError):
        dynamodb.list_tables()  #? dynamodb.ListTables
