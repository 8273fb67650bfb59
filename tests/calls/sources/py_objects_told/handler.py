import builtins
import inspect
import os
import pkgutil
import runpy
import sys
import types
from contextlib import closing
from typing import Generic, TypeVar

import boto3
import lazy
import steps

s3 = boto3.client("s3")
T = TypeVar("T")


class Session:
    def close(self):
        s3.put_object(Bucket="closed", Key="a")  #? s3.PutObject Bucket=closed


class Shelves:
    def __getitem__(self, position):
        return boto3.client("sqs")


class Cached(dict):
    def __missing__(self, key):
        self[key] = boto3.client("sqs")
        return self[key]


class Shared:
    state = {}

    def __init__(self):
        self.__dict__ = self.state


class Box(Generic[T]):
    def __init__(self, value: T):
        self.value = value


class Jobs:
    def run(self, event):
        s3.get_object(Bucket="jobs", Key=event["key"])  #? s3.GetObject Bucket=jobs


def added(event):
    s3.get_object(Bucket="added", Key=event["key"])  #? s3.GetObject Bucket=added


builtins.act_now = added
made = types.ModuleType("made")
made.store = boto3.client("dynamodb")
sys.modules["made"] = made


def own(event):
    s3.get_object(Bucket="own", Key=event["key"])  #? s3.GetObject Bucket=own


def handler(event, context):
    import made as placed

    placed.store.scan(TableName="placed")  #? dynamodb.Scan TableName=placed
    act_now(event)
    for _, member in inspect.getmembers(Jobs(), inspect.ismethod):
        member(event)
    sys.modules["steps"].first(event)
    getattr(sys.modules[__name__], "own")(event)
    pkgutil.resolve_name("steps:second")(event)
    runpy.run_path(os.path.join(os.path.dirname(__file__), "alone.py"))["run"](event)
    lazy.client.list_topics()  #? sns.ListTopics
    s3.get_object.__call__(Bucket="called", Key="a")  #? s3.GetObject Bucket=called
    object.__getattribute__(s3, "copy_object")(Bucket="named", Key="a", CopySource="b/c")  #? s3.CopyObject Bucket=named
    with closing(Session()):
        pass
    clients = [None, None]
    clients[0] = boto3.client("sqs")
    clients.insert(0, None)
    clients[1].list_queues()  #? sqs.ListQueues
    runs = []
    for table in [boto3.client("dynamodb")]:
        runs.append(lambda name, table=table: table.get_item(TableName=name, Key={}))  #? dynamodb.GetItem TableName=kept
    runs[0]("kept")
    for one in Shelves():
        one.purge_queue(QueueUrl=event["url"])  #? sqs.PurgeQueue
    Cached()["main"].receive_message(QueueUrl=event["url"])  #? sqs.ReceiveMessage
    Shared().client = boto3.client("ssm")
    Shared().client.get_parameters(Names=["/a"])  #? ssm.GetParameters
    Box[str](boto3.client("logs")).value.describe_log_groups()  #? logs.DescribeLogGroups
    ([boto3.client("kms")] * 2)[1].list_keys()  #? kms.ListKeys
