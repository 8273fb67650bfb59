import boto3
from flask import Flask
from flask_injector import FlaskInjector
from injector import inject, singleton
from serverless_wsgi import handle_request

app = Flask(__name__)


class Shelf:
    def __init__(self):
        self.table = boto3.resource("dynamodb").Table("shelf")

    def find(self, key):
        return self.table.get_item(Key={"id": key})  #? dynamodb.GetItem TableName=shelf

    def all(self):
        return self.table.scan()


@app.route("/<key>")
@inject
def show(key, shelf: Shelf):
    return shelf.find(key)


FlaskInjector(app=app, modules=[])


def handler(event, context):
    return handle_request(app, event, context)
