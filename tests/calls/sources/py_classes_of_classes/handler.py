import boto3

KNOWN = {}


class Registered(type):
    def __new__(mcs, name, bases, members):
        members["client"] = boto3.client("sqs")
        made = super().__new__(mcs, name, bases, members)
        KNOWN[name] = made
        return made

    @property
    def table(cls):
        return boto3.resource("dynamodb").Table("orders")


class Send(metaclass=Registered):
    def act(self, event):
        self.client.send_message(QueueUrl=event["url"], MessageBody="x")  #? sqs.SendMessage


class Lazy:
    def __get__(self, owner, kind=None):
        return boto3.client("sns")


class Store:
    topic = Lazy()

    def __class_getitem__(cls, name):
        return boto3.client(name)


def publish(self, event):
    self.topic.publish(TopicArn=event["topic"], Message="x")  #? sns.Publish


Publisher = type("Publisher", (Store,), {"publish": publish, "kind": "own"})


def handler(event, context):
    KNOWN["Send"]().act(event)
    Send.table.put_item(Item={"id": event["id"]})  #? dynamodb.PutItem TableName=orders
    Store["ssm"].get_parameter(Name="/a")  #? ssm.GetParameter Name=/a
    Publisher().publish(event)
