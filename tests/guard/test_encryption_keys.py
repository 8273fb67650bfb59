"""Who uses a resource that a customer's key encrypts needs the key as well."""

from __future__ import annotations

from typing import Any

import pytest

from guard.test_ways_round import arn, code, unvalidated, user
from scopedown.guard.gate import Gate

DEFAULT = "ApplyServerSideEncryptionByDefault"


@pytest.fixture
def key(gate: Gate) -> str:
    kms = gate.client("kms")
    made = str(kms.create_key()["KeyMetadata"]["Arn"])
    kms.create_alias(AliasName="alias/theirs", TargetKeyId=made)
    return made


def use(gate: Gate, key: str, *more: tuple[str, str]) -> dict[str, str]:
    """The error of each use of a resource with this key, by one who may use the resource and ``more``."""
    admin = gate.client
    url = admin("sqs").create_queue(QueueName="own", Attributes={"KmsMasterKeyId": key})["QueueUrl"]
    topic = admin("sns").create_topic(Name="own", Attributes={"KmsMasterKeyId": key})["TopicArn"]
    if not admin("dynamodb").list_tables()["TableNames"]:
        admin("dynamodb").create_table(
            TableName="own", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            SSESpecification={"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key},
        )  # fmt: skip
        admin("secretsmanager").create_secret(Name="own", SecretString="x", KmsKeyId=key)
        admin("kinesis").create_stream(StreamName="own", ShardCount=1)
        admin("kinesis").start_stream_encryption(StreamName="own", EncryptionType="KMS", KeyId=key)
        admin("s3").create_bucket(Bucket="own")
        rule = {DEFAULT: {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
        admin("s3").put_bucket_encryption(Bucket="own", ServerSideEncryptionConfiguration={"Rules": [rule]})
        admin("s3").put_object(Bucket="own", Key="there", Body=b"x")
    services = ("sqs", "sns", "dynamodb", "secretsmanager", "kinesis", "s3")
    who = user(gate, *((f"{one}:*", "*") for one in services), *more)

    def one(service: str, operation: str, **parameters: Any) -> str:
        return str(code(getattr(unvalidated(gate, who, service), operation), **parameters))

    return {
        "send": one("sqs", "send_message", QueueUrl=url, MessageBody="x"),
        "receive": one("sqs", "receive_message", QueueUrl=url),
        "publish": one("sns", "publish", TopicArn=topic, Message="x"),
        "item": one("dynamodb", "get_item", TableName="own", Key={"id": {"S": "1"}}),
        "secret": one("secretsmanager", "get_secret_value", SecretId="own"),
        "record": one("kinesis", "put_record", StreamName="own", Data=b"x", PartitionKey="1"),
        "put": one("s3", "put_object", Bucket="own", Key="k", Body=b"x"),
        "get": one("s3", "get_object", Bucket="own", Key="there"),
    }


def test_without_the_key_nothing_is_read_or_written(gate: Gate, key: str) -> None:
    assert all("AccessDenied" in one or "Authorization" in one for one in use(gate, key).values())


@pytest.mark.parametrize("name", ["alias/theirs", arn("kms", "alias/theirs")])
def test_an_alias_stands_for_its_key(gate: Gate, key: str, name: str) -> None:
    assert all("AccessDenied" in one or "Authorization" in one for one in use(gate, name).values())
    assert set(use(gate, name, ("kms:Decrypt", key), ("kms:GenerateDataKey", key)).values()) == {""}


def test_who_may_decrypt_reads(gate: Gate, key: str) -> None:
    found = use(gate, key, ("kms:Decrypt", key))
    assert [name for name, error in found.items() if not error] == ["receive", "item", "secret", "get"]


def test_a_key_of_aws_asks_nothing(gate: Gate) -> None:
    name = "alias/aws/sqs"
    url = gate.client("sqs").create_queue(QueueName="own", Attributes={"KmsMasterKeyId": name})["QueueUrl"]
    who = user(gate, ("sqs:*", "*"))
    assert code(unvalidated(gate, who, "sqs").send_message, QueueUrl=url, MessageBody="x") == ""


def test_a_request_that_asks_for_another_encryption_needs_no_key_of_the_bucket(gate: Gate, key: str) -> None:
    use(gate, key)
    who = user(gate, ("s3:*", "*"))
    put = unvalidated(gate, who, "s3").put_object
    assert code(put, Bucket="own", Key="k", Body=b"x", ServerSideEncryption="AES256") == ""
    assert code(unvalidated(gate, who, "s3").head_object, Bucket="own", Key="there") == ""
