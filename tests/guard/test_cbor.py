"""Requests in CBOR: by boto3 made to speak it, by hand as Java's SDK 2 does with Kinesis, and hostile ones."""

from __future__ import annotations

import io
import json
import struct
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import botocore.model
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.parsers import RpcV2CBORParser
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.core.utils import get_service_model

from scopedown.guard import cbor
from scopedown.guard.gate import Gate
from scopedown.guard.model import Principal

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ALLOWED = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Resource": "*", "Action": ["cloudwatch:PutMetricData", "cloudwatch:GetMetricStatistics",
     "cloudwatch:ListMetrics", "cloudwatch:GetDashboard", "codebuild:ListProjects", "translate:ListTerminologies"]},
    {"Effect": "Allow", "Resource": "arn:aws:kinesis:*:*:stream/mine", "Action": "kinesis:*"},
]}  # fmt: skip
DENIED = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Resource": "*", "Action": "*"}]}


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate() as one:
        one.reset()
        one.client("kinesis").create_stream(StreamName="mine", ShardCount=1)
        yield one


@pytest.fixture(scope="module")
def app(gate: Gate) -> Principal:
    return gate.make_user("app", [ALLOWED])


@pytest.fixture
def speaks_cbor(monkeypatch: pytest.MonkeyPatch) -> Callable[[Gate, str, Principal], Any]:
    """A client of boto3 that prefers the protocol, as other SDKs do."""
    order = ("smithy-rpc-v2-cbor", "json", "rest-json", "rest-xml", "query", "ec2")
    monkeypatch.setattr(botocore.model, "PRIORITY_ORDERED_SUPPORTED_PROTOCOLS", order)

    def client(gate: Gate, service: str, who: Principal) -> Any:
        made = gate.client(service, who)
        assert made.meta.service_model.resolved_protocol == "smithy-rpc-v2-cbor"
        return made

    return client


def test_boto3_speaks_cbor_with_cloudwatch(gate: Gate, app: Principal, speaks_cbor: Callable[..., Any]) -> None:
    client = speaks_cbor(gate, "cloudwatch", app)
    dimensions = [{"Name": "stage", "Value": "dev"}]
    answer = client.put_metric_data(Namespace="shop", MetricData=[
        {"MetricName": "orders", "Value": 1.5, "Timestamp": NOW, "Dimensions": dimensions},
    ])  # fmt: skip
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    assert (headers["content-type"], headers["smithy-protocol"]) == ("application/cbor", "rpc-v2-cbor")
    metrics = client.list_metrics(Namespace="shop")["Metrics"]
    assert metrics == [{"Namespace": "shop", "MetricName": "orders", "Dimensions": dimensions}]
    (point,) = client.get_metric_statistics(
        Namespace="shop", MetricName="orders", Dimensions=dimensions, Period=60, Statistics=["Sum"],
        StartTime=datetime(2026, 1, 2, 3, tzinfo=UTC), EndTime=datetime(2026, 1, 2, 4, tzinfo=UTC),
    )["Datapoints"]  # fmt: skip
    assert (point["Sum"], point["Timestamp"]) == (1.5, NOW)
    assert speaks_cbor(gate, "codebuild", app).list_projects()["projects"] == []


def test_errors_come_in_cbor_with_their_codes(gate: Gate, app: Principal, speaks_cbor: Callable[..., Any]) -> None:
    with pytest.raises(ClientError, match="is not authorized to perform: cloudwatch:ListMetrics") as denied:
        speaks_cbor(gate, "cloudwatch", gate.make_user("nobody", [DENIED])).list_metrics()
    assert denied.value.response["Error"]["Code"] == "AccessDenied"  # as in the query protocol, by a header
    with pytest.raises(ClientError, match="codebuild:BatchGetProjects") as other:
        speaks_cbor(gate, "codebuild", app).batch_get_projects(names=["x"])
    assert other.value.response["Error"]["Code"] == "AccessDeniedException"
    client = speaks_cbor(gate, "cloudwatch", app)
    with pytest.raises(client.exceptions.ResourceNotFound, match="Dashboard does not exist"):
        client.get_dashboard(DashboardName="none")
    with pytest.raises(ClientError, match="the local AWS does not support it"):
        speaks_cbor(gate, "translate", app).list_terminologies()


# As Java's SDK 2 speaks with Kinesis


def written(value: Any) -> bytes:
    """A value as Jackson's generator writes it: maps and lists without a length; times tagged, in milliseconds."""
    match value:
        case datetime():
            return b"\xc1" + written(round(value.timestamp() * 1000))
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return b"\x1b" + struct.pack(">Q", value)
        case bytes() | str():
            text = value.encode() if isinstance(value, str) else value
            return bytes([0x79 if isinstance(value, str) else 0x59]) + struct.pack(">H", len(text)) + text
        case list():
            return b"\x9f" + b"".join(map(written, value)) + b"\xff"
    return b"\xbf" + b"".join(written(key) + written(one) for key, one in value.items()) + b"\xff"


class Milliseconds(RpcV2CBORParser):  # type: ignore[misc]
    def _parse_datetime(self, value: Any) -> datetime:
        assert isinstance(value, int)
        return datetime.fromtimestamp(value / 1000, UTC)


def kinesis(
    gate: Gate, who: Principal, operation: str, body: Any, kind: str = "application/x-amz-cbor-1.1"
) -> tuple[int, Mapping[str, Any], Mapping[str, str]]:
    """The status, the body and the headers of the answer."""
    data = body if isinstance(body, bytes) else written(body)
    headers = {"Content-Type": kind, "X-Amz-Target": f"Kinesis_20131202.{operation}"}
    request = AWSRequest("POST", f"{gate.address}/", headers, data)
    SigV4Auth(Credentials(who.key_id, who.secret), "kinesis", "us-east-1").add_auth(request)
    sent = urllib.request.Request(f"{gate.address}/", data, dict(request.headers), method="POST")
    try:
        answer = urllib.request.urlopen(sent)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        read = answer.read()
        parsed = Milliseconds().parse_data_item(io.BufferedReader(io.BytesIO(read))) if read else {}
        return answer.status, parsed, {name.lower(): value for name, value in answer.headers.items()}


def test_kinesis_is_spoken_with_as_java_does(gate: Gate, app: Principal) -> None:
    record = {"Data": b"\x00\xff bytes", "PartitionKey": "k"}
    status, put, headers = kinesis(gate, app, "PutRecord", {"StreamName": "mine", **record})
    assert (status, headers["content-type"], put["ShardId"]) == (
        200, "application/x-amz-cbor-1.1", "shardId-000000000000",
    )  # fmt: skip
    asked = {"StreamName": "mine", "ShardId": put["ShardId"], "ShardIteratorType": "AT_TIMESTAMP", "Timestamp": NOW}
    _, iterator, _ = kinesis(gate, app, "GetShardIterator", asked)
    _, found, _ = kinesis(gate, app, "GetRecords", {"ShardIterator": iterator["ShardIterator"], "Limit": 5})
    (one,) = found["Records"]
    assert (one["Data"], one["PartitionKey"]) == (record["Data"], "k")
    assert abs((one["ApproximateArrivalTimestamp"] - datetime.now(UTC)).total_seconds()) < 3600


def test_kinesis_denies_and_fails_in_cbor(gate: Gate, app: Principal) -> None:
    status, told, headers = kinesis(gate, app, "DescribeStream", {"StreamName": "other"})
    assert (status, told["__type"], headers["content-type"]) == (
        400, "AccessDeniedException", "application/x-amz-cbor-1.1",
    )  # fmt: skip
    assert "is not authorized to perform: kinesis:DescribeStream on resource: " in told["message"]
    allowed = {"StreamName": "mine", "ShardIteratorType": "LATEST", "ShardId": "shardId-000000000007"}
    status, told, _ = kinesis(gate, app, "GetShardIterator", allowed)
    assert (status, told["__type"]) == (400, "ResourceNotFoundException")
    status, told, _ = kinesis(gate, app, "NoOperation", {})
    assert status == 400 and "does not know" in told["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"\x81" * 5000, b"\xc1" * 5000, b"\xa1\x61a" * 3000, b"\x9b" + b"\xff" * 8, b"\x5b\x7f" + b"\xff" * 7,
        b"\xbf", b"\xff", b"\x9f" * 200, b"\xa1\x81\x00\x00", b"\xa0\x00", b"\x80", b"\x00",
        written({"StreamName": 7}), written({"StreamName": ["mine"]}), written({"StreamName": b"mine"}),
        written({"Data": "text", "StreamName": "mine", "PartitionKey": "k"}),
        b"\xa1\x6aStreamName\x61\xff", b"\xa1\x61a\xc1\xfb\x7f\xf0\x00\x00\x00\x00\x00\x00", b"\xd8\x20\x60",
        b"\xf8\x00", b"{\"StreamName\": \"mine\"}",
    ],
    ids=["lists", "tags", "maps", "long list", "long bytes", "open", "break", "open lists", "key", "more", "list",
         "number", "a number as name", "a list as name", "bytes as name", "text as data", "utf-8", "infinite time",
         "tag", "simple", "json"],
)  # fmt: skip
def test_a_hostile_body_is_refused_as_unreadable(body: bytes, gate: Gate, app: Principal) -> None:
    status, told, _ = kinesis(gate, app, "PutRecord", body)
    assert (status, told["__type"]) == (400, "SerializationException"), told


def test_a_body_of_too_many_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cbor, "MOST", 1000)
    operation = get_service_model("kinesis").operation_model("PutRecord")
    with pytest.raises(cbor.CborError, match="more than 1000 values"):
        cbor.parameters_of(operation, b"\x9f" + b"\x00" * 2000 + b"\xff", cbor.AWS_CBOR)


@given(st.binary(max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_parameters_or_an_error(body: bytes) -> None:
    operation = get_service_model("cloudwatch").operation_model("PutMetricData")
    for protocol in sorted(cbor.PROTOCOLS):
        try:
            assert isinstance(cbor.parameters_of(operation, body, protocol), dict)
        except cbor.CborError as error:
            assert str(error)


def test_the_body_decides_what_is_checked_and_what_is_done(gate: Gate, app: Principal) -> None:
    """A second name of the same member, and JSON beside it, reach neither the check nor moto."""
    twice = b"\xbf" + written("StreamName") + written("other") + written("StreamName") + written("mine") + b"\xff"
    status, told, _ = kinesis(gate, app, "DescribeStream", twice)
    assert (status, told["StreamDescription"]["StreamName"]) == (200, "mine")
    status, told, _ = kinesis(gate, app, "DescribeStream", json.dumps({"StreamName": "other"}).encode())
    assert told["__type"] == "SerializationException"
