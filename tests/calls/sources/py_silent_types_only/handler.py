from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs.type_defs import MessageTypeDef


class Store(Protocol):
    client: S3Client

    def get_object(self, *, Bucket: str, Key: str) -> dict: ...


class Memory:
    table: Table | None = None

    def get_object(self, *, Bucket: str, Key: str) -> dict:
        return {}


def size(messages: list[MessageTypeDef]) -> int:
    return len(messages)


def fetch(store: Memory) -> dict:
    return store.get_object(Bucket="b", Key="k")


def handler(event, context):
    return fetch(Memory()), size([])
