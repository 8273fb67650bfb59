import os

import boto3


class ClientMixin:
    service = "dynamodb"

    @property
    def client(self):
        return boto3.client(self.service)


class TableMixin:
    def table(self):
        return os.environ[self.variable]


class Saves(ClientMixin, TableMixin):
    def save(self, item):
        self.client.put_item(TableName=self.table(), Item=item)  #? dynamodb.PutItem TableName=env:ORDERS_TABLE


class Template:
    def run(self, event):
        self.before(event)
        self.work(event)

    def before(self, event):
        pass

    def work(self, event):
        raise NotImplementedError


class Orders(Template, Saves):
    variable = "ORDERS_TABLE"

    def work(self, event):
        super().run if False else None
        self.save(event)


class Queue(ClientMixin):
    service = "sqs"

    def __init__(self, url):
        super().__init__()
        self.url = url


class Fifo(Queue):
    def __init__(self):
        super().__init__(os.environ["FIFO"])

    def send(self):
        self.client.send_message(QueueUrl=self.url, MessageBody="")  #? sqs.SendMessage QueueUrl=env:FIFO


def handler(event, context):
    Orders().run(event)
    Fifo().send()
