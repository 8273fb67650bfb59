"""A guard under load: connections held open, requests at a steady rate, and what of it is in the record.

usage: python bench/guard_load.py [--seconds 120] [--rate 100] [--connections 200]

The guard runs as the command does, in a process of its own; clients are threads of this one, each with a connection
that it keeps. Requests are signed by botocore and mixed: S3, DynamoDB and SQS, some denied, each of them one check.
Beside them, each five seconds, clients that do wrong: half a request, no HTTP, a wrong signature, a body of 100 MB.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SCOPEDOWN = str(Path(sys.executable).with_name("scopedown"))
POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "Objects",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": "arn:aws:s3:::load/*",
        },
        {"Sid": "Bucket", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::load"},
        {"Sid": "Rest", "Effect": "Allow", "Action": ["sqs:GetQueueUrl", "dynamodb:*Item"], "Resource": "*"},
    ],
}
JSON = {"Content-Type": "application/x-amz-json-1.0"}
GET_ITEM = {**JSON, "X-Amz-Target": "DynamoDB_20120810.GetItem"}
PUT_ITEM = {**JSON, "X-Amz-Target": "DynamoDB_20120810.PutItem"}
GET_QUEUE = {**JSON, "X-Amz-Target": "AmazonSQS.GetQueueUrl"}
REQUESTS = (
    ("s3", "PUT", "/load/key", {}, b"x" * 1000, 200),
    ("s3", "GET", "/load/key", {}, b"", 200),
    ("s3", "GET", "/load?list-type=2", {}, b"", 200),
    ("s3", "DELETE", "/load/key", {}, b"", 403),
    ("dynamodb", "POST", "/", GET_ITEM, b'{"TableName": "load", "Key": {"id": {"S": "1"}}}', 200),
    ("sqs", "POST", "/", GET_QUEUE, b'{"QueueName": "load"}', 200),
    ("dynamodb", "POST", "/", PUT_ITEM, b'{"TableName": "load", "Item": {"id": {"S": "1"}}}', 200),
)
"""Service, method, path, headers, body, and the status that is right."""


def signed(endpoint: str, key: Credentials, service: str, method: str, path: str, headers: dict[str, str], body: bytes):
    """A request's headers, signed."""
    request = AWSRequest(method, endpoint + path, dict(headers), body)
    (S3SigV4Auth if service == "s3" else SigV4Auth)(key, service, "us-east-1").add_auth(request)
    return dict(request.headers)


class Load:
    """What the clients share."""

    def __init__(self, endpoint: str, key: Credentials, rate: float, seconds: float) -> None:
        self.endpoint, self.key, self.rate, self.seconds = endpoint, key, rate, seconds
        self.tickets = itertools.count()
        self.started = time.perf_counter()
        self.wrong: Counter[str] = Counter()
        self.decided: Counter[str] = Counter()
        self.times: list[float] = []
        self.lock = threading.Lock()

    def run(self) -> None:
        """One client: takes the next request when its time has come, until the end."""
        host = urlsplit(self.endpoint)
        connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=60)
        connection.connect()
        while True:
            ticket = next(self.tickets)
            due = self.started + ticket / self.rate
            if due - self.started >= self.seconds:
                connection.close()
                return
            time.sleep(max(0.0, due - time.perf_counter()))
            service, method, path, headers, body, right = REQUESTS[ticket % len(REQUESTS)]
            prepared = signed(self.endpoint, self.key, service, method, path, headers, body)
            began = time.perf_counter()
            try:
                connection.request(method, path, body, prepared)
                answer = connection.getresponse()
                answer.read()
                status = answer.status
            except (OSError, http.client.HTTPException) as error:
                with self.lock:
                    self.wrong[type(error).__name__] += 1
                connection.close()
                continue
            with self.lock:
                self.times.append(time.perf_counter() - began)
                if status != right:
                    self.wrong[f"{service} {method} {path}: {status}"] += 1
                else:
                    self.decided[f"{service} {method}"] += 1


def disturb(load: Load, ends: threading.Event, done: Counter[str]) -> None:
    """Clients that do wrong, one after the other."""
    host = urlsplit(load.endpoint)
    address = (host.hostname or "", host.port or 0)
    held: list[socket.socket] = []
    while not ends.wait(5):
        half = socket.create_connection(address)
        half.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab")
        held.append(half)
        with socket.create_connection(address) as odd:
            odd.sendall(b"\x16\x03\x01\x00\r\n\r\n")
            done[f"no HTTP: {odd.recv(12)[9:].decode() or 'closed'}"] += 1
        large = b"x" * (100 << 20)
        for name, key, service, path, body in (
            ("wrong secret", Credentials(load.key.access_key, "wrong"), "sqs", "/", b"{}"),
            ("100 MB to S3", load.key, "s3", "/load/large", large),
            ("100 MB to DynamoDB", load.key, "dynamodb", "/", large),
        ):
            head = GET_ITEM if service == "dynamodb" else GET_QUEUE if service == "sqs" else {}
            connection = http.client.HTTPConnection(*address, timeout=60)
            method = "PUT" if service == "s3" else "POST"
            try:
                connection.request(method, path, body, signed(load.endpoint, key, service, method, path, head, body))
                done[f"{name}: {connection.getresponse().status}"] += 1
            except (OSError, http.client.HTTPException) as error:
                done[f"{name}: {type(error).__name__}"] += 1
            connection.close()
            if ends.is_set():
                break
    for one in held:
        one.close()


def memory(pid: int) -> float:
    """Resident MB of a process (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--rate", type=float, default=100)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--undisturbed", action="store_true", help="without the clients that do wrong")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), options)


def measure(folder: Path, options: argparse.Namespace) -> None:
    """One run."""
    (folder / "policy.json").write_text(json.dumps(POLICY))
    command = [SCOPEDOWN, "guard", "--port", "0", "--format", "json", "--quiet", "--policy"]
    command += [f"load={folder / 'policy.json'}", "--record", str(folder / "record.jsonl")]
    guard = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert guard.stdout is not None
        greeting = json.loads(guard.stdout.readline())
        keys = [Credentials(one["accessKeyId"], one["secretAccessKey"]) for one in greeting["credentials"]]
        prepare(greeting["endpoint"], keys[0])
        warm = Load(greeting["endpoint"], keys[1], options.rate, 5)
        run(warm, options.connections)
        if not options.undisturbed:
            ends = threading.Event()
            once = threading.Timer(8, ends.set)
            once.start()
            disturb(warm, ends, Counter())
        before = memory(guard.pid)
        load = Load(greeting["endpoint"], keys[1], options.rate, options.seconds)
        ends, done = threading.Event(), Counter[str]()
        others = threading.Thread(target=disturb, args=(load, ends, done))
        if not options.undisturbed:
            others.start()
        run(load, options.connections)
        took = time.perf_counter() - load.started
        ends.set()
        if not options.undisturbed:
            others.join()
        time.sleep(2)
        after = memory(guard.pid)
    finally:
        guard.terminate()
        code = guard.wait(30)
    report(folder / "record.jsonl", load, warm, took, before, after, code)
    for name, number in sorted(done.items()):
        print(f"  beside: {name} ({number} times)")


def run(load: Load, connections: int) -> None:
    """All clients, to the end."""
    threads = [threading.Thread(target=load.run) for _ in range(connections)]
    load.started = time.perf_counter() + 1
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def prepare(endpoint: str, admin: Credentials) -> None:
    """What the requests ask for."""
    import boto3

    session = boto3.Session(admin.access_key, admin.secret_key, region_name="us-east-1")
    s3, dynamodb, sqs = (session.client(name, endpoint_url=endpoint) for name in ("s3", "dynamodb", "sqs"))
    s3.create_bucket(Bucket="load")
    s3.put_object(Bucket="load", Key="key", Body=b"x")
    sqs.create_queue(QueueName="load")
    dynamodb.create_table(
        TableName="load", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )  # fmt: skip


def report(record: Path, load: Load, warm: Load, took: float, before: float, after: float, code: int) -> None:
    """What came of it."""
    lines = [json.loads(line) for line in record.read_bytes().splitlines()]
    decisions = [one for one in lines if "action" in one]
    expected = load.decided.total() + warm.decided.total()
    ours = [one for one in decisions if "large" not in one["resource"]]
    times = sorted(load.times)
    print(f"{len(times)} requests in {took:.1f} s on {os.cpu_count()} cores, {len(times) / took:.1f} a second")
    print(
        f"median {times[len(times) // 2] * 1000:.1f} ms, 99th percentile {times[int(len(times) * 0.99)] * 1000:.1f} ms"
    )
    print(f"wrong answers: {dict(load.wrong) or 'none'}")
    print(f"decisions recorded {len(ours)}, asked {expected}, last line says {lines[-1].get('decisions')}")
    print(f"memory {before:.0f} MB after warming up, {after:.0f} MB at the end: {after - before:+.0f} MB")
    print(f"exit code {code}")


if __name__ == "__main__":
    main()
