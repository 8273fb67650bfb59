"""A caller gets no way through the guard to other servers; who uses the guard connects as before."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scopedown.guard.connections import answering
from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT


class Listener:
    """A server on a free port of this machine, which counts those who connect."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.place = ("127.0.0.1", self.port)
        self.url = f"http://127.0.0.1:{self.port}/internal"

    def has_a_caller(self) -> bool:
        self.socket.settimeout(0.05)
        try:
            self.socket.accept()[0].close()
        except TimeoutError:
            return False
        return True


@pytest.fixture
def listener() -> Iterator[Listener]:
    one = Listener()
    yield one
    one.socket.close()


def test_a_message_of_a_topic_goes_to_no_server(gate: Gate, listener: Listener) -> None:
    user = gate.make_user("u", [{"Statement": {"Effect": "Allow", "Action": "sns:*", "Resource": "*"}}])
    sns = gate.client("sns", user)
    topic = sns.create_topic(Name="own")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=listener.url)
    assert sns.publish(TopicArn=topic, Message="a")["MessageId"]
    assert not listener.has_a_caller()
    noted = {(by, operation, address) for by, operation, address in gate.lacking.connections}
    assert (user.caller.arn, "sns.Publish", f"127.0.0.1:{listener.port}") in noted


def test_records_of_a_delivery_stream_go_to_no_server(gate: Gate, listener: Listener) -> None:
    firehose = gate.client("firehose")
    bucket, role = "arn:aws:s3:::b", f"arn:aws:iam::{ACCOUNT}:role/r"
    destination = {
        "EndpointConfiguration": {"Url": listener.url},
        "S3Configuration": {"RoleARN": role, "BucketARN": bucket},
    }
    firehose.create_delivery_stream(DeliveryStreamName="s", HttpEndpointDestinationConfiguration=destination)
    assert firehose.put_record(DeliveryStreamName="s", Record={"Data": b"a"})["RecordId"]
    assert not listener.has_a_caller()
    assert [address for _, _, address in gate.lacking.connections] == [f"127.0.0.1:{listener.port}"]


def test_who_uses_the_guard_connects_as_before(gate: Gate, listener: Listener) -> None:
    gate.client("sqs").list_queues()
    socket.create_connection(listener.place).close()
    assert listener.has_a_caller()


def attempts(place: tuple[str, int], folder: Path) -> dict[str, Callable[[], Any]]:
    def connect() -> None:
        socket.create_connection(place).close()

    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendto(b"a", place)

    def local() -> None:
        with socket.socket(socket.AF_UNIX) as one:
            one.connect(str(folder / "socket"))

    return {
        "connect": connect, "send": send, "look up": lambda: socket.getaddrinfo("server.example", 80),
        "look up by its old name": lambda: socket.gethostbyname("server.example"), "local": local,
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["connect", "send", "look up", "look up by its old name", "local"])
@pytest.mark.parametrize("in_a_thread", [False, True])
def test_every_kind_of_connection_is_refused_while_a_request_is_answered(
    gate: Gate, listener: Listener, tmp_path: Path, kind: str, in_a_thread: bool
) -> None:
    attempt = attempts(listener.place, tmp_path)[kind]
    noted: list[str] = []
    found: list[BaseException] = []

    def tried() -> None:
        try:
            attempt()
        except OSError as error:
            found.append(error)

    with answering(noted.append):
        if in_a_thread:
            thread = threading.Thread(target=tried)
            thread.start()
            thread.join()
        else:
            tried()
    assert isinstance(found[0], ConnectionRefusedError)
    assert len(noted) == 1


def test_the_guard_itself_may_be_asked_while_a_request_is_answered(gate: Gate) -> None:
    with answering(pytest.fail):
        gate.client("sqs", gate.make_user("u", [{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}]))
        gate.perform("sqs", "ListQueues", {})
