import boto3
from lagom import Container, Singleton, dependency_definition, injectable, magic_bind_to_container


class Keys:
    def __init__(self, name):
        self.name = name
        self.client = boto3.client("kms")

    def seal(self, text):
        return self.client.encrypt(KeyId=self.name, Plaintext=text)  #? kms.Encrypt KeyId=alias/letters

    def open(self, blob):
        return self.client.decrypt(CiphertextBlob=blob)


class Streams:
    def __init__(self):
        self.client = boto3.client("kinesis")

    def put(self, data):
        self.client.put_record(StreamName="letters", Data=data, PartitionKey="k")  #? kinesis.PutRecord StreamName=letters

    def list(self):
        self.client.list_streams()


class Post:
    def __init__(self, keys: Keys, streams: Streams):
        self.keys = keys
        self.streams = streams

    def send(self, text):
        self.streams.put(self.keys.seal(text))

    def undo(self, blob):
        self.keys.open(blob)
        self.streams.list()


container = Container()
container[Keys] = lambda: Keys("alias/letters")


@dependency_definition(container, singleton=True)
def make_streams() -> Streams:
    return Streams()


@magic_bind_to_container(container)
def stamp(text, keys: Keys = injectable):
    return keys.seal(text)


def handler(event, context):
    stamp(event["stamp"])
    container[Post].send(event["text"])
