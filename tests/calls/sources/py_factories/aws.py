import os

import boto3

NAMES = {"queue": "sqs", "topic": "sns"}


def make_table(variable):
    return boto3.resource("dynamodb").Table(os.environ[variable])


def client_for(kind):
    return boto3.client(NAMES[kind])


def builder(service):
    def build(**options):
        session = boto3.session.Session()
        return session.client(service, **options)

    return build


class Factory:
    def __init__(self, region):
        self._session = boto3.Session(region_name=region)

    def create(self, name):
        return self._session.client(name)

    def s3(self):
        return self.create("s3")
