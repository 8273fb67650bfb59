"""What the guard adds to moto: the same requests to both, by the same server, in turn.

usage: python bench/guard_overhead.py [--rounds 300]

moto is as it comes, without what the guard changes in it. Both are served by the guard's own server in one process
each, asked by one client over one connection; a request goes to one and then to the other, so that whatever else the
machine does meets both. Signed beforehand, so that signing is not measured. The figures are the ratios of medians, of
each kind of request and of all, and that of the processor time that the two servers took, which a busy machine changes
least.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import geometric_mean, median
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SERVE = """
import json, sys, threading
from scopedown.guard.gate import Gate
from scopedown.guard.services import cloudformation
from scopedown.guard.server import Server

def document(**statement):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]}

objects = document(Action=["s3:*Object", "s3:ListBucket"], Resource=["arn:aws:s3:::load", "arn:aws:s3:::load/*"])
others = document(Action=["dynamodb:*Item", "dynamodb:Query", "sqs:*", "lambda:Get*", "iam:Get*"], Resource="*")
trust = document(Action="sts:AssumeRole", Principal={"Service": "lambda.amazonaws.com"})

def fill(client):
    client("s3").create_bucket(Bucket="load")
    client("s3").put_object(Bucket="load", Key="key", Body=b"x" * 1000)
    client("sqs").create_queue(QueueName="load")
    client("iam").create_role(RoleName="load", AssumeRolePolicyDocument=json.dumps(trust))
    client("dynamodb").create_table(
        TableName="load", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
    client("lambda").create_function(
        FunctionName="load", Runtime="python3.12", Handler="a.b", Code={"ZipFile": b"x"},
        Role="arn:aws:iam::123456789012:role/load")

if sys.argv[1] == "moto":
    import boto3
    from moto.moto_api._internal.models import moto_api_backend
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    moto_api_backend.set_config({"lambda": {"use_docker": False}})
    server = Server(DomainDispatcherApplication(create_backend_app))
    server.start()
    key = {"aws_access_key_id": "AKIAANYONEANYONEANYO", "aws_secret_access_key": "secret"}
    fill(lambda name: boto3.client(name, endpoint_url=server.address, region_name="us-east-1", **key))
    print(json.dumps([server.address, *key.values()]), flush=True)
    threading.Event().wait()
with Gate(services=(cloudformation,)) as gate:
    gate.keeps = False
    user = gate.make_user("load", [objects, others])
    fill(gate.client)
    print(json.dumps([gate.address, user.key_id, user.secret]), flush=True)
    threading.Event().wait()
"""
TARGET, FORM = "X-Amz-Target", {"Content-Type": "application/x-www-form-urlencoded"}
ITEM = b'{"TableName": "load", "Key": {"id": {"S": "1"}}}'
PUT = b'{"TableName": "load", "Item": {"id": {"S": "1"}, "n": {"N": "1"}}}'
QUEUE = b'{"QueueUrl": "http://127.0.0.1/123456789012/load", "MessageBody": "hello"}'


def _json(target: str, version: str = "1.0") -> dict[str, str]:
    return {"Content-Type": f"application/x-amz-json-{version}", TARGET: target}


REQUESTS = {
    "s3.PutObject": ("s3", "PUT", "/load/key", {}, b"x" * 1000),
    "s3.GetObject": ("s3", "GET", "/load/key", {}, b""),
    "s3.ListObjectsV2": ("s3", "GET", "/load?list-type=2&prefix=k", {}, b""),
    "dynamodb.PutItem": ("dynamodb", "POST", "/", _json("DynamoDB_20120810.PutItem"), PUT),
    "dynamodb.GetItem": ("dynamodb", "POST", "/", _json("DynamoDB_20120810.GetItem"), ITEM),
    "sqs.SendMessage": ("sqs", "POST", "/", _json("AmazonSQS.SendMessage"), QUEUE),
    "sqs.GetQueueUrl": ("sqs", "POST", "/", _json("AmazonSQS.GetQueueUrl"), b'{"QueueName": "load"}'),
    "sts.GetCallerIdentity": ("sts", "POST", "/", FORM, b"Action=GetCallerIdentity&Version=2011-06-15"),
    "lambda.GetFunction": ("lambda", "GET", "/2015-03-31/functions/load", {}, b""),
    "iam.GetRole": ("iam", "POST", "/", FORM, b"Action=GetRole&Version=2010-05-08&RoleName=load"),
}


class Side:
    """One of the two servers, and a connection to it."""

    def __init__(self, name: str) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", SERVE, name], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address, key_id, secret = json.loads(self.process.stdout.readline())
        self.key = Credentials(key_id, secret)
        host = urlsplit(self.address)
        self.connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=60)

    def ask(self, name: str) -> float:
        """Seconds until the answer is there."""
        service, method, path, headers, body = REQUESTS[name]
        request = AWSRequest(method, self.address + path, dict(headers), body)
        (S3SigV4Auth if service == "s3" else SigV4Auth)(self.key, service, "us-east-1").add_auth(request)
        signed = dict(request.headers)
        began = time.perf_counter()
        self.connection.request(method, path, body, signed)
        answer = self.connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - began
        if answer.status >= 300:
            raise SystemExit(f"{name}: {answer.status} {content[:300]!r}")
        return took

    def cpu(self) -> float:
        """Seconds of processor time that the server has taken (Linux)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=300)
    rounds = parser.parse_args().rounds
    sides = Side("moto"), Side("guard")
    try:
        for name in REQUESTS:
            for _ in range(20):
                for side in sides:
                    side.ask(name)
        times = {name: ([], []) for name in REQUESTS}
        before = [side.cpu() for side in sides]
        for number in range(rounds):
            for name, both in times.items():
                for place in (0, 1) if number % 2 else (1, 0):
                    both[place].append(sides[place].ask(name))
        used = [side.cpu() - since for side, since in zip(sides, before, strict=True)]
    finally:
        for side in sides:
            side.process.terminate()
    print(f"{rounds} rounds of {len(REQUESTS)} requests, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name, (plain, guarded) in times.items():
        first, second = median(plain) * 1000, median(guarded) * 1000
        print(f"  {name:24} moto {first:6.2f} ms, guarded {second:6.2f} ms, {second / first:.2f}×")
    ratio = median([one for _, both in times.items() for one in both[1]]) / median(
        [one for _, both in times.items() for one in both[0]]
    )
    each = geometric_mean([median(guarded) / median(plain) for plain, guarded in times.values()])
    a_request = [seconds / rounds / len(REQUESTS) * 1000 for seconds in used]
    print(f"processor time a request: {a_request[0]:.2f} ms, {a_request[1]:.2f} ms, {used[1] / used[0]:.2f}×")
    print(f"median of all requests {ratio:.2f}×; geometric mean of the kinds {each:.2f}×")


if __name__ == "__main__":
    main()
