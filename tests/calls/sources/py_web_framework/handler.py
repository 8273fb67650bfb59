import boto3
import serverless_wsgi
from flask import Flask

app = Flask(__name__)
other = Flask("other")
table = boto3.resource("dynamodb").Table("users")


@app.route("/users/<user_id>")
def get_user(user_id):
    return table.get_item(Key={"id": user_id})  #? dynamodb.GetItem TableName=users


@other.route("/drop")
def drop():
    table.delete()


def handler(event, context):
    return serverless_wsgi.handle_request(app, event, context)
