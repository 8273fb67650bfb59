"""Requests whose body cannot be read, or lacks what it must have: an error of the client's, never one of the guard."""

from __future__ import annotations

import json

import pytest

from guard.test_smuggled_requests import FORM, sent
from scopedown.guard.gate import Gate
from scopedown.guard.model import Principal

ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
GET_ITEM = "DynamoDB_20120810.GetItem"
DEEP = b"[" * 100_000 + b"]" * 100_000
NESTED = b'{"M":{"a":' * 3000 + b'{"S":"x"}' + b"}}" * 3000


@pytest.fixture
def user(gate: Gate) -> Principal:
    return gate.make_user("u", [ALL])


@pytest.mark.parametrize(
    ("service", "target", "body"),
    [
        ("dynamodb", GET_ITEM, b"null"),
        ("dynamodb", GET_ITEM, b"[]"),
        ("dynamodb", GET_ITEM, b'"text"'),
        ("dynamodb", GET_ITEM, b""),
        ("dynamodb", GET_ITEM, b"{"),
        ("dynamodb", GET_ITEM, b'{"TableName":"\xff\xfe"}'),
        ("dynamodb", GET_ITEM, b'{"TableName":null}'),
        ("dynamodb", GET_ITEM, b'{"TableName":["a"],"Key":{}}'),
        ("dynamodb", GET_ITEM, b'{"TableName":' + b"9" * 5000 + b"}"),
        ("dynamodb", GET_ITEM, b'{"TableName":' + DEEP + b"}"),
        ("dynamodb", GET_ITEM, b'{"TableName":"t","Key":' + NESTED + b"}"),
        ("dynamodb", "DynamoDB_20120810.BatchGetItem", b'{"RequestItems":null}'),
        ("dynamodb", "DynamoDB_20120810.BatchGetItem", b'{"RequestItems":{"t":null}}'),
        ("dynamodb", "DynamoDB_20120810.TransactWriteItems", b'{"TransactItems":[null]}'),
        ("dynamodb", "DynamoDBStreams_20120810.GetRecords", b'{"ShardIterator":"x"}'),
        ("kms", "TrentService.Decrypt", b'{"CiphertextBlob":null}'),
        ("kms", "TrentService.Decrypt", b'{"CiphertextBlob":"!!"}'),
        ("kms", "TrentService.CreateKey", b'{"Tags":[null]}'),
        ("events", "AWSEvents.PutEvents", b'{"Entries":[null]}'),
        ("ssm", "AmazonSSM.GetParameters", b'{"Names":[null]}'),
        ("kinesis", "Kinesis_20131202.GetRecords", b'{"ShardIterator":"x"}'),
        ("states", "AWSStepFunctions.StartExecution", b'{"stateMachineArn":null}'),
    ],
)
def test_a_body_in_json_that_cannot_be_read(
    gate: Gate, user: Principal, service: str, target: str, body: bytes
) -> None:
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": target}
    status, answer = sent(gate, user, service, "POST", "/", body, headers)
    assert (status, "InternalFailure" in json.loads(answer)["__type"]) == (400, False)


@pytest.mark.parametrize(
    "body", [b"null", b"[]", b'{"FunctionName":null}', b'{"FunctionName":"f","Code":' + DEEP + b"}"]
)
def test_a_body_of_a_rest_service_that_cannot_be_read(gate: Gate, user: Principal, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    assert sent(gate, user, "lambda", "POST", "/2015-03-31/functions", body, headers)[0] in (400, 403)
    assert gate.client("lambda").list_functions()["Functions"] == []


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, b"key=a&file=b"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="key"\r\n\r\nk\r\n--x--\r\n'),
        ("application/xml", b""),
        ("application/xml", b"<Delete"),
        ("application/xml", b"<Delete></Delete>"),
        ("application/xml", b"<Delete><Object></Object></Delete>"),
        ("application/xml", b"<Other><Object><Key>a</Key></Object></Other>"),
        ("application/xml", b"<a>" * 20_000 + b"</a>" * 20_000),
    ],
)
def test_a_deletion_of_objects_that_names_none(gate: Gate, user: Principal, kind: str, body: bytes) -> None:
    s3 = gate.client("s3")
    s3.create_bucket(Bucket="pail")
    s3.put_object(Bucket="pail", Key="a", Body=b"")
    for who in (user, None):
        status, answer = sent(gate, who, "s3", "POST", "/pail?delete", body, {"Content-Type": kind})
        # Where the keys can be read all the same, the answer says of each that it is denied.
        assert (status in (400, 403) or b"AccessDenied" in answer, b"InternalFailure" in answer) == (True, False)
    assert s3.list_objects_v2(Bucket="pail")["KeyCount"] == 1


@pytest.mark.parametrize("source", ["x", "", "/", "//", "pail"])
def test_a_copy_of_nothing(gate: Gate, user: Principal, source: str) -> None:
    gate.client("s3").create_bucket(Bucket="pail")
    status, answer = sent(gate, user, "s3", "PUT", "/pail/k", headers={"x-amz-copy-source": source})
    assert (status, b"InternalFailure" in answer) == (400, False)


@pytest.mark.parametrize("asking", ["AssumeRole", "AssumeRole&RoleArn=x", "GetFederationToken&Name=x&Policy=null"])
def test_a_query_without_what_it_needs(gate: Gate, user: Principal, asking: str) -> None:
    body = f"Action={asking}&Version=2011-06-15".encode()
    status, answer = sent(gate, user, "sts", "POST", "/", body, {"Content-Type": FORM})
    assert (status, b"InternalFailure" in answer) == (400, False)
