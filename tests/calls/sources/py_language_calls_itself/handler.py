import json
from enum import Enum
from functools import partial, wraps
from html.parser import HTMLParser

import boto3

s3 = boto3.client("s3")


class Report:
    def __init__(self, key):
        self.key = key

    def __str__(self):
        return str(s3.get_object(Bucket="texts", Key=self.key))  #? s3.GetObject Bucket=texts

    def __lt__(self, other):
        return bool(s3.head_object(Bucket="orders", Key=self.key))  #? s3.HeadObject Bucket=orders

    def __setattr__(self, name, value):
        s3.put_object(Bucket="written", Key=name)  #? s3.PutObject Bucket=written


class NeverMade:
    def __str__(self):
        return str(s3.get_object(Bucket="nobody", Key="a"))


class Links(HTMLParser):
    def handle_starttag(self, tag, attrs):
        s3.put_object(Bucket="links", Key=tag)  #? s3.PutObject Bucket=links


class Encoder(json.JSONEncoder):
    def default(self, value):
        return s3.get_object(Bucket="encoded", Key="a")  #? s3.GetObject Bucket=encoded


class Plain(Exception):
    def report(self):
        s3.delete_object(Bucket="nobody", Key="a")


def found(data):
    s3.put_object(Bucket="hooks", Key="a")  #? s3.PutObject Bucket=hooks
    return data


def save(name, event):
    s3.put_object(Bucket=name, Key=event["key"])  #? s3.PutObject Bucket=members


class Operation(Enum):
    SAVE = partial(save, "members")


class Clients(Enum):
    MAIN = s3


def wrapper(function):
    @wraps(function)
    def skipped(event):
        return None

    return skipped


@wrapper
def inside(event):
    s3.get_object(Bucket="wrapped", Key="a")  #? s3.GetObject Bucket=wrapped


def handler(event, context):
    reports = sorted([Report(event["a"]), Report(event["b"])])
    Links().feed(event["page"])
    json.loads(event["body"], object_hook=found)
    inside.__wrapped__(event)
    Operation["SAVE"].value(event)
    Clients.MAIN.value.delete_object(Bucket="enum", Key="a")  #? s3.DeleteObject Bucket=enum
    try:
        return json.dumps(f"{reports[0]}", cls=Encoder)
    except Plain:
        return None
