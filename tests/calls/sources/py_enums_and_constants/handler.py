import enum
import os
from collections import namedtuple
from enum import Enum, StrEnum
from types import MappingProxyType, SimpleNamespace
from typing import Final, NamedTuple

import boto3

TABLE: Final = "final-table"


class Bucket(str, Enum):
    RAW = "raw"
    CLEAN = os.environ["CLEAN"]


class Queue(StrEnum):
    JOBS = "https://sqs.eu-west-1.amazonaws.com/111122223333/jobs"


class Color(enum.Enum):
    RED = "red-bucket"
    BLUE = "blue-bucket"


class Config:
    class Tables:
        ORDERS = "orders"

    PREFIX = "app"
    NAME = f"{PREFIX}-name"


class Names(NamedTuple):
    table: str
    bucket: str = "tuple-bucket"


Pair = namedtuple("Pair", "left right")
FROZEN = MappingProxyType({"bucket": "frozen"})
SPACE = SimpleNamespace(bucket="space")


def handler(event, context):
    s3 = boto3.client("s3")
    s3.get_object(Bucket=Bucket.RAW.value, Key="k")  #? s3.GetObject Bucket=raw
    s3.put_object(Bucket=Bucket.CLEAN, Key="k")  #? s3.PutObject Bucket=env:CLEAN
    s3.head_object(Bucket=Color["RED"].value, Key="k")  #? s3.HeadObject Bucket=red-bucket
    boto3.client("sqs").purge_queue(QueueUrl=Queue.JOBS)  #? sqs.PurgeQueue QueueUrl=https://sqs.eu-west-1.amazonaws.com/111122223333/jobs
    for color in Color:
        s3.head_bucket(Bucket=color.value)  #? s3.HeadBucket Bucket=red-bucket & s3.HeadBucket Bucket=blue-bucket
    s3.list_objects_v2(Bucket=Color(event["color"]).value)  #? s3.ListObjectsV2 Bucket=blue-bucket|red-bucket
    dynamodb = boto3.client("dynamodb")
    dynamodb.get_item(TableName=Config.Tables.ORDERS, Key={})  #? dynamodb.GetItem TableName=orders
    dynamodb.put_item(TableName=Config.NAME, Item={})  #? dynamodb.PutItem TableName=app-name
    dynamodb.scan(TableName=TABLE)  #? dynamodb.Scan TableName=final-table
    names = Names(table="tuple-table")
    dynamodb.query(TableName=names.table)  #? dynamodb.Query TableName=tuple-table
    s3.get_object_acl(Bucket=names.bucket, Key="k")  #? s3.GetObjectAcl Bucket=tuple-bucket
    pair = Pair("left-bucket", right="right-bucket")
    s3.get_object_tagging(Bucket=pair.right, Key="k")  #? s3.GetObjectTagging Bucket=right-bucket
    left, right = pair
    s3.delete_object(Bucket=left, Key="k")  #? s3.DeleteObject Bucket=left-bucket
    s3.get_bucket_acl(Bucket=FROZEN["bucket"])  #? s3.GetBucketAcl Bucket=frozen
    s3.get_bucket_location(Bucket=SPACE.bucket)  #? s3.GetBucketLocation Bucket=space
