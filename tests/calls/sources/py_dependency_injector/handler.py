import boto3
from dependency_injector import containers, providers
from dependency_injector.wiring import Provide, inject


class Orders:
    def __init__(self, resource, table):
        self.table = resource.Table(table)

    def save(self, item):
        self.table.put_item(Item=item)  #? dynamodb.PutItem TableName=env:ORDERS

    def remove(self, key):
        self.table.delete_item(Key=key)


class Mail:
    def __init__(self, client):
        self.client = client

    def send(self, to):
        self.client.send_email(Source="a@example.com", Destination={"ToAddresses": [to]}, Message={})  #? ses.SendEmail Source=a@example.com

    def list(self):
        self.client.list_identities()


class Checkout:
    def __init__(self, orders, mail, sender=None):
        self.orders = orders
        self.mail = mail

    def run(self, order):
        self.orders.save(order)
        self.mail.send("b@example.com")

    def undo(self, order):
        self.orders.remove(order)
        self.mail.list()


def queue():
    yield boto3.client("sqs")


class Container(containers.DeclarativeContainer):
    wiring_config = containers.WiringConfiguration(modules=[__name__])
    config = providers.Configuration()
    dynamodb = providers.Resource(boto3.resource, "dynamodb")
    ses = providers.Singleton(boto3.client, "ses")
    sqs = providers.Resource(queue)
    orders = providers.Singleton(Orders, resource=dynamodb, table=config.orders.table)
    mail = providers.Factory(Mail, ses)
    checkout = providers.Factory(Checkout, orders=orders, mail=mail)


container = Container()
container.config.orders.table.from_env("ORDERS")


@inject
def tell(text, client=Provide[Container.sqs]):
    client.send_message(QueueUrl="https://sqs.eu-west-1.amazonaws.com/123456789012/q", MessageBody=text)  #? sqs.SendMessage


def handler(event, context, checkout: Checkout = Provide["checkout"]):
    container.checkout(sender="x").run(event)
    container.orders().save(event)
    tell("done")
