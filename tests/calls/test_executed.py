"""``bench/executed`` notes what handlers ask of the SDK while a project's own tests run, and compares with the scan."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parents[2] / "bench/executed/run.py"

PYTHON = {
    "serverless.yml": """
service: shop
provider: {name: aws, runtime: python3.11}
functions:
  list: {handler: app.tables}
  limits: {handler: app.limits}
""",
    "app.py": """
from concurrent.futures import ThreadPoolExecutor
import boto3

def tables(event, context):
    with ThreadPoolExecutor() as pool:
        return pool.submit(boto3.client("dynamodb").list_tables).result()

def limits(event, context):
    return getattr(boto3.client("dynamodb"), event["name"])()
""",
    "run.py": """
import boto3
from botocore.stub import Stubber
import app

client = boto3.client("dynamodb")
boto3.client = lambda name: client
with Stubber(client) as stub:
    stub.add_response("list_tables", {"TableNames": []})
    stub.add_response("describe_limits", {})
    stub.add_response("list_backups", {})
    app.tables({}, None)
    app.limits({"name": "describe_limits"}, None)
    client.list_backups()
""",
}
MOCKED = {
    "serverless.yml": """
service: shop
provider: {name: aws, runtime: python3.11}
functions:
  save: {handler: app.save}
  read: {handler: app.read}
  send: {handler: app.send}
""",
    "app.py": """
import boto3
table = boto3.resource("dynamodb", region_name="us-east-1").Table("t")

def save(event, context):
    table.put_item(Item={})
    boto3.client("s3").upload_file("f", "b", "k")

def read(event, context):
    bucket = boto3.resource("s3").Bucket("b")
    for one in bucket.objects.filter(Prefix="p"):
        one.get()
    boto3.client("sqs").get_paginator("list_queues").paginate()

def send(event, context, client=None):
    client = client or boto3.client("sqs")
    client.send_message(QueueUrl="q", MessageBody="m")
""",
    "run.py": """
from unittest.mock import MagicMock, patch
import app

class Fake:
    def put_item(self, **item):
        pass

with patch("app.table", Fake()), patch("boto3.client") as client:
    app.save({}, None)
    client.return_value.upload_file.assert_called_once()
boto3 = MagicMock()
boto3.resource.return_value.Bucket.return_value.objects.filter.return_value = [MagicMock()]
with patch("app.boto3", boto3):
    app.read({}, None)
app.send({}, None, MagicMock())
""",
}
JAVASCRIPT = {
    "serverless.yml": """
service: shop
provider: {name: aws, runtime: nodejs20.x}
functions:
  put: {handler: app.handler}
""",
    "app.js": """
const { DynamoDBClient, PutItemCommand, ListTablesCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({});
exports.handler = async () => {
  await new Promise((done) => setTimeout(done, 1));
  await client.send(new PutItemCommand({ TableName: 't', Item: {} }));
};
exports.other = () => client.send(new ListTablesCommand({}));
""",
    "node_modules/@smithy/smithy-client/dist-cjs/index.js": "exports.Client = class { async send() { return {}; } };",
    "node_modules/@aws-sdk/client-dynamodb/index.js": """
const { Client } = require('../../@smithy/smithy-client/dist-cjs/index.js');
exports.DynamoDBClient = class DynamoDBClient extends Client { config = { serviceId: 'DynamoDB' }; };
exports.PutItemCommand = class PutItemCommand {};
exports.ListTablesCommand = class ListTablesCommand {};
""",
    "run.js": "const app = require('./app'); app.handler().then(() => app.other());",
}


def judged(folder: Path, files: dict[str, str], *command: str) -> tuple[int, list[str]]:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    done = subprocess.run([sys.executable, str(RUN), str(folder), "--", *command], capture_output=True, text=True)
    return done.returncode, done.stdout.strip().splitlines()


@pytest.mark.slow
def test_calls_of_python_handlers_are_noted_and_compared(tmp_path: Path) -> None:
    code, lines = judged(tmp_path, PYTHON, sys.executable, "run.py")
    assert code == 0
    assert [line for line in lines if not line.startswith(" ")] == [
        "not whole: limits: dynamodb.DescribeLimits; missing: dynamodb.DescribeLimits",
        "whole: list: dynamodb.ListTables",
        "2 handlers ran, 1 whole; 2 calls, 1 not in the scan, 0 lost in silence; 1 calls outside of handlers",
    ]


@pytest.mark.slow
def test_calls_of_mocks_and_fakes_count_as_what_they_replace(tmp_path: Path) -> None:
    code, lines = judged(tmp_path, MOCKED, sys.executable, "run.py")
    assert code == 0
    assert lines == [
        "whole: read: s3.ListObjects, sqs.ListQueues",
        "whole: save: dynamodb.PutItem, s3.PutObject",
        "whole: send: sqs.SendMessage",
        "3 handlers ran, 3 whole; 5 calls, 0 not in the scan, 0 lost in silence; 0 calls outside of handlers",
    ]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("node") is None, reason="needs node")
def test_calls_of_javascript_handlers_are_noted_and_compared(tmp_path: Path) -> None:
    code, lines = judged(tmp_path, JAVASCRIPT, "node", "run.js")
    assert code == 0
    assert lines[-2:] == [
        "whole: put: dynamodb.PutItem",
        "1 handlers ran, 1 whole; 1 calls, 0 not in the scan, 0 lost in silence; 1 calls outside of handlers",
    ]


@pytest.mark.slow
def test_tests_that_run_no_handler_are_told_apart(tmp_path: Path) -> None:
    code, lines = judged(tmp_path, {**PYTHON, "run.py": "import app"}, sys.executable, "run.py")
    assert (code, lines[-1]) == (
        2,
        "0 handlers ran, 0 whole; 0 calls, 0 not in the scan, 0 lost in silence; 0 calls outside of handlers",
    )
