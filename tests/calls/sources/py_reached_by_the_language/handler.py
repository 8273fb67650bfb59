import contextlib
import queue
import weakref

import boto3


def read(key):
    return boto3.client("s3").get_object(Bucket="b", Key=key)  #? s3.GetObject Key=subclass & s3.GetObject Key=queue & s3.GetObject Key=made & s3.GetObject Key=weak & s3.GetObject Key=sentinel & s3.GetObject Key=around & s3.GetObject Key=sum & s3.GetObject Key=within & s3.GetObject Key=text & s3.GetObject Key=next


class Reader:
    def __init__(self, key):
        self.key = key

    def read(self):
        return read(self.key)

    def __add__(self, other):
        return read("sum")

    def __contains__(self, key):
        return read("within")

    def __str__(self):
        return read("text")["Body"]


class Task:
    pass


class ReadTask(Task):
    def run(self):
        return read("subclass")


class Refused(Exception):
    def __init__(self, client):
        self.client = client


class Client:
    def __get__(self, owner, kind):
        return boto3.client("sqs")


class Mail:
    client = Client()


class Around(contextlib.ContextDecorator):
    def __enter__(self):
        read("around")

    def __exit__(self, *error):
        return False


@contextlib.contextmanager
def client():
    yield boto3.client("sns")


def refuse():
    raise Refused(boto3.client("kms"))


def readers():
    yield Reader("next")


@Around()
def handler(event, context):
    for task in Task.__subclasses__():
        task().run()
    topics = client().__enter__()
    topics.publish(TopicArn="arn:aws:sns:eu-west-1:123456789012:t", Message="m")  #? sns.Publish
    boto3.client("ses").__enter__().list_identities()  #? ses.ListIdentities
    try:
        refuse()
    except Refused as error:
        error.client.list_keys()  #? kms.ListKeys
    waiting = queue.Queue()
    waiting.put(Reader("queue"))
    waiting.get().read()
    type("Made", (Reader,), {})("made").read()
    weakref.ref(Reader("weak"))().read()
    list(iter(lambda: read("sentinel"), None))
    readers().__next__().read()
    Mail().client.list_queues()  #? sqs.ListQueues
    reader = Reader("reader")
    reader + 1
    "x" in reader
    return f"{reader}"
