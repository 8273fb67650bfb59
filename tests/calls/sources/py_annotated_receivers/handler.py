from __future__ import annotations

import os
from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.client import S3Client as Store
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table
    from types_boto3_sqs import SQSClient
    from mypy_boto3_sns.type_defs import PublishResponseTypeDef

from unseen_container import inject, provide


@inject
def save(item, table: Table = provide("table")):
    table.put_item(Item=item)  #? dynamodb.PutItem TableName=?


def read(s3: "S3Client", key: str):
    return s3.get_object(Bucket="typed", Key=key)  #? s3.GetObject Bucket=typed Key=k


def probe(s3: Optional[Store]):
    s3.head_bucket(Bucket="optional")  #? s3.HeadBucket Bucket=optional


def purge(sqs: SQSClient | None) -> None:
    sqs.purge_queue(QueueUrl=os.environ["Q"])  #? sqs.PurgeQueue QueueUrl=env:Q


def orders(resource: DynamoDBServiceResource):
    return resource.Table("orders").scan()  #? dynamodb.Scan TableName=orders


def not_a_client(response: PublishResponseTypeDef, text: str):
    response.publish(TopicArn="x", Message="y")
    text.copy()


class Service:
    client: S3Client

    def __init__(self, container):
        self.client = container.resolve("s3")
        self.queue: SQSClient = container.resolve("sqs")

    def run(self):
        self.client.list_objects_v2(Bucket="field")  #? s3.ListObjectsV2 Bucket=field
        self.queue.list_queues()  #? sqs.ListQueues


def handler(event, context):
    save(event)
    read(provide("s3"), "k")
    probe(provide("s3"))
    purge(provide("sqs"))
    orders(provide("dynamodb"))
    not_a_client(provide("x"), provide("y"))
    Service(provide("container")).run()
    local: S3Client = provide("s3")
    local.list_buckets()  #? s3.ListBuckets
