import os
from dataclasses import dataclass, field
from functools import cached_property

import boto3


class Base:
    table_name = os.environ["BASE_TABLE"]
    client = boto3.client("dynamodb")

    def save(self, item):
        return self.client.put_item(TableName=self.table_name, Item=item)  #? dynamodb.PutItem TableName=env:USER_TABLE & dynamodb.PutItem TableName=env:BASE_TABLE

    def drop(self):
        return self.client.delete_table(TableName=self.table_name)


class Users(Base):
    table_name = os.environ["USER_TABLE"]


class Plain(Base):
    pass


class Lazy:
    _bucket = None

    @property
    def bucket(self):
        if self._bucket is None:
            self._bucket = boto3.resource("s3").Bucket(os.environ["BUCKET"])
        return self._bucket

    @cached_property
    def queue(self):
        return boto3.client("sqs")

    @staticmethod
    def sns():
        return boto3.client("sns")

    @classmethod
    def make(cls, name):
        one = cls()
        one.name = name
        return one


@dataclass
class Settings:
    table: str
    region: str = "eu-west-1"
    client: object = field(default_factory=lambda: boto3.client("dynamodb"))

    def scan(self):
        return self.client.scan(TableName=self.table)  #? dynamodb.Scan TableName=settings-table


@dataclass
class Repository:
    settings: Settings
    prefix: str = field(default="p-")

    def __post_init__(self):
        self.full = self.prefix + self.settings.table

    def query(self):
        self.settings.client.query(TableName=self.full)  #? dynamodb.Query TableName=p-settings-table


def handler(event, context):
    Users().save(event)
    Plain().save(event)
    lazy = Lazy.make("jobs")
    lazy.bucket.upload_file("/tmp/a", "a")  #? s3.PutObject Bucket=env:BUCKET Key=a
    lazy.queue.send_message(QueueUrl=lazy.name, MessageBody="")  #? sqs.SendMessage QueueUrl=jobs
    Lazy.sns().publish(TopicArn=os.environ["T"], Message="")  #? sns.Publish TopicArn=env:T
    settings = Settings("settings-table")
    settings.scan()
    Repository(settings=settings).query()
