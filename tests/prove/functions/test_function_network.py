"""What a function reaches: AWS's own names are the local AWS, all others are refused at once and named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from oracle.harness import OSLS, SERVERLESS_3
from prove.functions.local_aws import local_aws, one_of

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node was not found")

REFUSED_IN_NODE = """
const told = (emitter) => new Promise((done) => emitter.on('error', (error) => done(error.message)));
exports.handler = async () => [
  await fetch('https://example.com/').catch((error) => error.cause.message),
  await told(require('net').connect(6379, 'redis.internal')),
  await told(require('https').get('https://api.example.org/')),
  await told(require('http').get('http://127.0.0.1:9/')),
  await told(require('net').connect({ host: 'sample.rds.amazonaws.com', port: 5432 })),
  await require('dns').promises.resolveSrv('_mongodb._tcp.example.net').catch((error) => error.message),
];"""

REFUSED_IN_PYTHON = """
import socket
import urllib.request

def told(call):
    try:
        call()
    except OSError as error:
        return str(getattr(error, 'reason', error))

def handler(event, context):
    return [
        told(lambda: urllib.request.urlopen('https://example.com/')),
        told(lambda: socket.create_connection(('db.internal', 5432))),
        told(lambda: socket.create_connection(('10.0.0.1', 3306))),
        told(lambda: socket.create_connection(('127.0.0.1', 9))),
        told(lambda: socket.create_connection(('sample.rds.amazonaws.com', 5432))),
    ]
"""


@needs_node
def test_node_is_refused_every_other_host_at_once(tmp_path: Path) -> None:
    with local_aws() as aws:
        ran = one_of(tmp_path, REFUSED_IN_NODE, aws=aws)
    hosts = (
        "example.com:443", "redis.internal:6379", "api.example.org:443", "127.0.0.1:9", "sample.rds.amazonaws.com:5432",
        "_mongodb._tcp.example.net",
    )  # fmt: skip
    assert ran.refused_hosts == hosts
    assert json.loads(ran.result) == [f"scopedown prove: no network: {host}" for host in hosts]
    assert aws.asked == []


def test_python_is_refused_every_other_host_at_once(tmp_path: Path) -> None:
    with local_aws() as aws:
        ran = one_of(tmp_path, REFUSED_IN_PYTHON, python=True, aws=aws)
    hosts = ("example.com:443", "db.internal:5432", "10.0.0.1:3306", "127.0.0.1:9", "sample.rds.amazonaws.com:5432")
    assert ran.refused_hosts == hosts
    assert json.loads(ran.result) == [f"[Errno 111] scopedown prove: no network: {host}" for host in hosts]
    assert aws.asked == []


@needs_node
def test_names_of_aws_are_the_local_aws_in_node(tmp_path: Path) -> None:
    code = """
    const https = require('https');
    const get = (url) => new Promise((done, fail) => {
      const asked = https.get(url, (answer) => answer.resume().on('end', () => done(answer.statusCode)));
      asked.on('error', fail);
    });
    exports.handler = async () => [
      await get('https://bucket.s3.us-east-1.amazonaws.com/key?x=1'),
      (await fetch('https://dynamodb.us-east-1.amazonaws.com/', { method: 'POST', body: 'x' })).status,
      (await fetch('http://169.254.169.254/latest/meta-data').catch((error) => error.cause.message)),
    ];"""
    with local_aws() as aws:
        ran = one_of(tmp_path, code, aws=aws)
    assert json.loads(ran.result) == [200, 200, "scopedown prove: no network: 169.254.169.254:80"]
    assert aws.asked == ["GET bucket.s3.us-east-1.amazonaws.com /key?x=1", "POST dynamodb.us-east-1.amazonaws.com /"]


def test_names_of_aws_are_the_local_aws_in_python(tmp_path: Path) -> None:
    code = (
        "import boto3, urllib.request\n\n"
        "def handler(event, context):\n"
        "    boto3.client('s3').list_buckets()\n"
        "    boto3.client('s3', endpoint_url='https://s3.eu-west-1.amazonaws.com').list_buckets()\n"
        "    return urllib.request.urlopen('https://bucket.s3.amazonaws.com/key').status\n"
    )
    with local_aws() as aws:
        ran = one_of(tmp_path, code, python=True, aws=aws)
    assert (ran.outcome, ran.result) == ("ok", "200"), ran
    assert aws.asked == ["GET 127.0.0.1 /", "GET s3.eu-west-1.amazonaws.com /", "GET bucket.s3.amazonaws.com /key"]
    assert [text.startswith("AWS4-HMAC-SHA256 Credential=ASIASAMPLE/") for text in aws.signed] == [True, True, False]


@pytest.mark.oracle
@pytest.mark.skipif(SERVERLESS_3.missing() is not None, reason=str(SERVERLESS_3.missing()))
def test_version_2_of_the_sdk_reaches_the_local_aws(tmp_path: Path) -> None:
    code = "const AWS = require('aws-sdk');\nexports.handler = async () => new AWS.S3().listBuckets().promise();"
    with local_aws() as aws:
        ran = one_of(tmp_path, code, aws=aws, runtime_modules=(SERVERLESS_3.folder / "node_modules",))
    assert ran.outcome == "ok", ran
    assert aws.asked == ["GET s3.amazonaws.com /"]
    assert aws.signed[0].startswith("AWS4-HMAC-SHA256 Credential=ASIASAMPLE/")


@pytest.mark.oracle
@pytest.mark.skipif(OSLS.missing() is not None, reason=str(OSLS.missing()))
@pytest.mark.parametrize("name", ["app.js", "app.mjs"])
def test_version_3_of_the_sdk_is_lent_and_reaches_the_local_aws(tmp_path: Path, name: str) -> None:
    names = "{ S3Client, ListBucketsCommand }"
    head = (
        f"const {names} = require('@aws-sdk/client-s3');\nexports.handler"
        if name == "app.js"
        else f"import {names} from '@aws-sdk/client-s3';\nexport const handler"
    )
    code = (
        f"{head} = async () => (await new S3Client({{}}).send(new ListBucketsCommand({{}}))).$metadata.httpStatusCode;"
    )
    with local_aws() as aws:
        ran = one_of(tmp_path, code, aws=aws, name=name, runtime_modules=(OSLS.folder / "node_modules",))
    assert (ran.outcome, ran.result) == ("ok", "200"), ran
    assert aws.asked == ["GET 127.0.0.1 /?x-id=ListBuckets"]


def test_asyncio_reaches_the_local_aws(tmp_path: Path) -> None:
    code = """
import asyncio

async def get():
    reader, writer = await asyncio.open_connection('s3.us-east-1.amazonaws.com', 443, ssl=True)
    writer.write(b'GET /key HTTP/1.1\\r\\nHost: s3.us-east-1.amazonaws.com\\r\\nConnection: close\\r\\n\\r\\n')
    answer = await reader.readline()
    writer.close()
    return answer.decode().strip()

def handler(event, context):
    return asyncio.run(get())
"""
    with local_aws() as aws:
        ran = one_of(tmp_path, code, python=True, aws=aws)
    assert ran.result == '"HTTP/1.1 200 OK"', ran
    assert aws.asked == ["GET s3.us-east-1.amazonaws.com /key"]
