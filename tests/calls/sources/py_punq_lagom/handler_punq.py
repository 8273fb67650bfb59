import boto3
import punq


class Topics:
    def __init__(self, client, arn):
        self.client = client
        self.arn = arn

    def tell(self, text):
        self.client.publish(TopicArn=self.arn, Message=text)  #? sns.Publish TopicArn=arn:aws:sns:eu-west-1:123456789012:news

    def forget(self):
        self.client.delete_topic(TopicArn=self.arn)


class Letters:
    def __init__(self):
        self.table = boto3.resource("dynamodb").Table("letters")

    def add(self, item):
        self.table.put_item(Item=item)  #? dynamodb.PutItem TableName=letters

    def all(self):
        return self.table.scan()


class Editor:
    def __init__(self, topics: Topics, letters: Letters):
        self.topics = topics
        self.letters = letters

    def publish(self, text):
        self.letters.add({"text": text})
        self.topics.tell(text)

    def withdraw(self):
        self.letters.all()
        self.topics.forget()


container = punq.Container()
container.register(Topics, client=boto3.client("sns"), arn="arn:aws:sns:eu-west-1:123456789012:news")
container.register(Letters)
container.register("editor", Editor)


def handler(event, context):
    container.resolve("editor").publish(event["text"])
