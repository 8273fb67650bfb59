"""Requests of other forms than boto3 sends to a local endpoint: presigned, unsigned, by host, in CBOR, to an API."""

from __future__ import annotations

from typing import Any

import pytest

from guard.mapping.model_requests import arrived, client
from scopedown.guard.request import Asked, read

SIGNED = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/{}/aws4_request, SignedHeaders=host, Signature=1"


def asked(method: str, url: str, scope: str = "", body: bytes = b"", **headers: str) -> Asked | None:
    """What a request asks that is signed for ``scope`` (``eu-west-1/s3``), or not signed."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if scope:
        named["Authorization"] = SIGNED.format(scope)
    return read(arrived(method, url, named, body))


def shown(one: Asked | None) -> tuple[str, str, dict[str, Any]]:
    assert one is not None
    return one.service, one.operation, {name: value for name, value in one.parameters.items() if value is not None}


def test_a_presigned_url_is_a_request_of_who_signed_it() -> None:
    asking = client("s3", signature_version="s3v4")
    url = asking.generate_presigned_url("get_object", {"Bucket": "pail", "Key": "a/b c"})
    one = read(arrived("GET", url, {}))
    assert one is not None
    assert (one.key_id, one.region) == ("AKIAIOSFODNN7EXAMPLE", "eu-west-1")
    assert shown(one) == ("s3", "GetObject", {"Bucket": "pail", "Key": "a/b c"})


def test_a_bucket_in_the_host_is_the_bucket() -> None:
    one = asked("GET", "https://pail.s3.eu-west-1.amazonaws.com/a/b", "eu-west-1/s3")
    assert shown(one)[:2] == ("s3", "GetObject")
    assert shown(one)[2]["Bucket"] == "pail"


def test_a_signature_of_version_4a_names_no_region() -> None:
    one = asked("GET", "http://127.0.0.1/pail/key", "s3")
    assert one is not None
    assert (one.region, one.service, one.operation) == ("", "s3", "GetObject")


@pytest.mark.parametrize(
    ("method", "url", "scope", "service", "operation"),
    [
        ("GET", "https://abc.execute-api.eu-west-1.amazonaws.com/dev/pets", "eu-west-1/execute-api", "execute-api",
         "Invoke"),
        ("POST", "https://abc.lambda-url.eu-west-1.on.aws/x", "eu-west-1/lambda", "lambda", "InvokeFunctionUrl"),
        ("POST", "https://abc.appsync-api.eu-west-1.amazonaws.com/graphql", "eu-west-1/appsync", "appsync", "GraphQL"),
        ("PUT", "https://search-d-x1.eu-west-1.es.amazonaws.com/i/_doc", "eu-west-1/es", "es", "ESHttpPut"),
        ("GET", "https://abc.eu-west-1.aoss.amazonaws.com/i", "eu-west-1/aoss", "opensearchserverless",
         "APIAccessAll"),
    ],
)  # fmt: skip
def test_a_request_to_an_endpoint_of_the_users_own(
    method: str, url: str, scope: str, service: str, operation: str
) -> None:
    one = asked(method, url, scope)
    assert shown(one) == (service, operation, {"url": url, "method": method})
    assert one is not None
    assert one.region == "eu-west-1"


def test_connections_of_a_websocket_api_are_told_from_its_requests() -> None:
    url = "https://abc.execute-api.eu-west-1.amazonaws.com/dev/@connections/L0SM9cOFvHcCIhw="
    service, operation, given = shown(asked("POST", url, "eu-west-1/execute-api", b"hello"))
    assert (service, operation) == ("apigatewaymanagementapi", "PostToConnection")
    assert given["ConnectionId"] == "L0SM9cOFvHcCIhw="
    assert given["$endpoint"] == "https://abc.execute-api.eu-west-1.amazonaws.com/dev"


def test_a_body_in_cbor_is_read() -> None:
    body = b"\xbf\x69AlarmName\x61a\x67Enabled\xf5\xff"  # an open map of two entries, one of which is no parameter
    one = asked(
        "POST", "http://127.0.0.1/service/GraniteServiceVersion20100801/operation/PutMetricAlarm",
        "eu-west-1/monitoring", body, Smithy_Protocol="rpc-v2-cbor", Content_Type="application/cbor",
    )  # fmt: skip
    assert shown(one) == ("cloudwatch", "PutMetricAlarm", {"AlarmName": "a"})
    assert one is not None
    assert one.protocol == "smithy-rpc-v2-cbor"


def test_a_body_that_is_no_cbor_has_an_operation_and_no_parameters() -> None:
    one = asked(
        "POST", "http://127.0.0.1/service/GraniteServiceVersion20100801/operation/PutMetricAlarm",
        "eu-west-1/monitoring", b"\x9f\x1c", Smithy_Protocol="rpc-v2-cbor", Content_Type="application/cbor",
    )  # fmt: skip
    assert shown(one) == ("cloudwatch", "PutMetricAlarm", {})
    assert one is not None and one.unreadable.startswith("The request body is not CBOR that can be read")


@pytest.mark.parametrize("prefix", ["", "com.amazonaws.cloudtrail.v20131101."], ids=["short", "whole"])
def test_a_service_is_known_by_the_end_of_its_name_in_the_target(prefix: str) -> None:
    one = asked(
        "POST", "http://127.0.0.1/", "eu-west-1/cloudtrail", b'{"MaxResults": 1}',
        Content_Type="application/x-amz-json-1.1", X_Amz_Target=f"{prefix}CloudTrail_20131101.LookupEvents",
    )  # fmt: skip
    assert shown(one) == ("cloudtrail", "LookupEvents", {"MaxResults": 1})


@pytest.mark.parametrize("protocol", ["json", "query"])
def test_queues_are_asked_for_in_both_of_their_protocols(protocol: str) -> None:
    url = "https://sqs.eu-west-1.amazonaws.com/123456789012/q"
    body, headers = (
        f"Action=DeleteQueue&Version=2012-11-05&QueueUrl={url}",
        {"Content_Type": "application/x-www-form-urlencoded"},
    )
    if protocol == "json":
        body = f'{{"QueueUrl": "{url}"}}'
        headers = {"Content_Type": "application/x-amz-json-1.0", "X_Amz_Target": "AmazonSQS.DeleteQueue"}
    one = asked("POST", "http://127.0.0.1/", "eu-west-1/sqs", body.encode(), **headers)
    assert shown(one) == ("sqs", "DeleteQueue", {"QueueUrl": url})


@pytest.mark.parametrize(
    ("agent", "service"),
    [("aws-sdk-js/3.900.0 api/docdb#3.900.0", "docdb"), ("aws-sdk-js/3.900.0 api/rds#3.900.0", "rds"), ("x", "rds")],
)
def test_of_services_with_one_name_the_client_tells_which(agent: str, service: str) -> None:
    body = b"Action=DescribeDBClusters&Version=2014-10-31"
    one = asked("POST", "http://127.0.0.1/", "eu-west-1/rds", body, User_Agent=agent,
                Content_Type="application/x-www-form-urlencoded")  # fmt: skip
    assert shown(one)[:2] == (service, "DescribeDBClusters")


def test_an_unsigned_request_is_of_nobody() -> None:
    body = b"Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=a&RoleSessionName=b&WebIdentityToken=c"
    one = asked("POST", "http://127.0.0.1/", body=body, Content_Type="application/x-www-form-urlencoded")
    assert one is not None
    assert (one.key_id, one.service, one.operation) == ("", "sts", "AssumeRoleWithWebIdentity")
    assert shown(asked("GET", "http://127.0.0.1/pail/key"))[:2] == ("s3", "GetObject")


def test_an_unsigned_request_for_what_must_be_signed_is_no_request() -> None:
    body = b"Action=AssumeRole&Version=2011-06-15&RoleArn=a&RoleSessionName=b"
    one = asked("POST", "http://127.0.0.1/", body=body, Content_Type="application/x-www-form-urlencoded")
    assert one is None


@pytest.mark.parametrize("body", [b"[1]", b"null", b'"x"', b"{", b"\xff\xfe", b"{}" * 3])
def test_any_body_is_a_request_or_none_and_never_a_crash(body: bytes) -> None:
    for target in ("DynamoDB_20120810.GetItem", "DynamoDB_20120810.Nothing", "x"):
        one = asked("POST", "http://127.0.0.1/", "eu-west-1/dynamodb", body, X_Amz_Target=target,
                    Content_Type="application/x-amz-json-1.0")  # fmt: skip
        assert one is not None
        assert one.key_id == "AKIAIOSFODNN7EXAMPLE"
    assert asked("PUT", "http://127.0.0.1/pail?tagging", "eu-west-1/s3", body) is not None
