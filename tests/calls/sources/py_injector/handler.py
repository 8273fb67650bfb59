import os

import boto3
from injector import Binder, Injector, Module, inject, provider, singleton


class Store:
    def read(self, key):
        raise NotImplementedError


class Bucket(Store):
    def __init__(self):
        self.client = boto3.client("s3")

    def read(self, key):
        return self.client.get_object(Bucket=os.environ["BUCKET"], Key=key)  #? s3.GetObject Bucket=env:BUCKET

    def wipe(self, key):
        self.client.delete_object(Bucket=os.environ["BUCKET"], Key=key)


class Ledger:
    def __init__(self, table):
        self.table = table

    def add(self, item):
        self.table.put_item(Item=item)  #? dynamodb.PutItem TableName=ledger

    def drop(self, key):
        self.table.delete_item(Key=key)


class Report:
    @inject
    def __init__(self, store: Store, ledger: Ledger):
        self.store = store
        self.ledger = ledger

    def make(self, key):
        self.store.read(key)
        self.ledger.add({"id": key})

    def erase(self, key):
        self.store.wipe(key)
        self.ledger.drop({"id": key})


class Tables(Module):
    @singleton
    @provider
    def ledger(self) -> Ledger:
        return Ledger(boto3.resource("dynamodb").Table("ledger"))


def configure(binder: Binder):
    binder.bind(Store, to=Bucket, scope=singleton)


injector = Injector([configure, Tables()])


def handler(event, context):
    return injector.get(Report).make(event["key"])
