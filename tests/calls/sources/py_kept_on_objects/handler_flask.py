import boto3
import serverless_wsgi
from flask import Flask, current_app, g

from ledger import Ledger

app = Flask(__name__)
app.config["LEDGER"] = Ledger("config")


@app.before_request
def connect():
    g.files = boto3.client("s3")
    g.ledger = Ledger("g")


@app.route("/<key>")
def show(key):
    g.files.get_object(Bucket="files", Key=key)  #? s3.GetObject Bucket=files
    g.ledger.read(key)
    return current_app.config["LEDGER"].read(key)


def handler(event, context):
    return serverless_wsgi.handle_request(app, event, context)
