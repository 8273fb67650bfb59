from dataclasses import dataclass, replace
from typing import NamedTuple

import boto3


@dataclass(frozen=True)
class Base:
    bucket: str


@dataclass(frozen=True)
class Target(Base):
    key: str = "default"


class Pair(NamedTuple):
    target: Target
    client: object


def run(event):
    pair = Pair(Target("records"), boto3.client("s3"))
    other = replace(pair.target, key="replaced")
    pair.client.delete_object(Bucket=other.bucket, Key=other.key)  #? s3.DeleteObject Bucket=records Key=replaced
