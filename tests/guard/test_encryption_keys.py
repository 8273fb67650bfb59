"""Who uses a resource that a customer's key encrypts needs the key as well."""

from __future__ import annotations

import io
import json
import zipfile
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


def test_an_alias_that_is_moved_in_between_stands_for_the_key_that_was_asked_for(gate: Gate) -> None:
    kms = gate.client("kms")
    own, other = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    kms.create_alias(AliasName="alias/moved", TargetKeyId=own)
    allowed = {"Effect": "Allow", "Action": "kms:Encrypt", "Resource": arn("kms", f"key/{own}")}
    mine = gate.client("kms", gate.make_user("u", [{"Version": "2012-10-17", "Statement": [allowed]}]))
    gate.on_decided = lambda one: kms.update_alias(AliasName="alias/moved", TargetKeyId=other)
    try:
        assert mine.encrypt(KeyId="alias/moved", Plaintext=b"x")["KeyId"].endswith(own)
    finally:
        gate.on_decided = None
    assert code(mine.encrypt, KeyId="alias/moved", Plaintext=b"x") == "AccessDeniedException"


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


def parameters(gate: Gate, key: str, *more: tuple[str, str]) -> dict[str, str]:
    """The error of each way to read a SecureString of this key, by one who may read parameters and ``more``."""
    ssm = gate.client("ssm")
    ssm.put_parameter(Name="/own/secret", Value="x", Type="SecureString", KeyId=key)
    ssm.put_parameter(Name="/own/deep/other", Value="x", Type="SecureString")
    read = unvalidated(gate, user(gate, ("ssm:*", "*"), *more), "ssm")
    return {
        "one": code(read.get_parameter, Name="/own/secret", WithDecryption=True),
        "version": code(read.get_parameter, Name="/own/secret:1", WithDecryption=True),
        "several": code(read.get_parameters, Names=["/own/secret"], WithDecryption=True),
        "path": code(read.get_parameters_by_path, Path="/own", WithDecryption=True),
        "history": code(read.get_parameter_history, Name="/own/secret", WithDecryption=True),
        "encrypted": code(read.get_parameter, Name="/own/secret"),
        "key of AWS": code(read.get_parameters_by_path, Path="/own/deep", WithDecryption=True),
    }


def test_a_secure_string_is_decrypted_by_who_may_use_its_key(gate: Gate, key: str) -> None:
    found = parameters(gate, key)
    assert [name for name, error in found.items() if not error] == ["encrypted", "key of AWS"]


def test_an_encrypted_parameter_may_be_limited_by_its_encryption_context(gate: Gate, key: str) -> None:
    assert set(parameters(gate, "alias/theirs", ("kms:Decrypt", key)).values()) == {""}
    own = {"StringEquals": {"kms:EncryptionContext:PARAMETER_ARN": arn("ssm", "parameter/own/secret")}}
    statements = [
        {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": "*"},
        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key, "Condition": own},
    ]
    who = gate.make_user("limited", [{"Version": "2012-10-17", "Statement": statements}])
    assert code(gate.client("ssm", who).get_parameter, Name="/own/secret", WithDecryption=True) == ""


def test_an_encrypted_environment_is_withheld_and_the_request_goes_on(gate: Gate, key: str) -> None:
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = gate.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    gate.client("lambda").create_function(
        FunctionName="own", Runtime="python3.12", Handler="a.b", Role=role, Code={"ZipFile": package()}, KMSKeyArn=key,
        Environment={"Variables": {"TOKEN": "secret"}},
    )  # fmt: skip
    gate.decided.clear()
    shown = gate.client("lambda", user(gate, ("lambda:*", "*"))).get_function(FunctionName="own")["Configuration"]
    assert shown["Environment"]["Error"]["ErrorCode"] == "AccessDeniedException"
    assert "secret" not in str(shown)
    assert gate.denied == []
    able = user(gate, ("lambda:*", "*"), ("kms:Decrypt", key))
    [listed] = gate.client("lambda", able).list_functions()["Functions"]
    assert listed["Environment"]["Variables"] == {"TOKEN": "secret"}


def test_an_encrypted_state_machine_shows_its_definition_to_who_may_decrypt(gate: Gate, key: str) -> None:
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})
    machine = gate.client("stepfunctions").create_state_machine(
        name="own", definition=definition, roleArn="arn:aws:iam::123456789012:role/r",
        encryptionConfiguration={"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyId": key},
    )["stateMachineArn"]  # fmt: skip
    who = user(gate, ("states:*", "*"))
    assert "AccessDenied" in code(gate.client("stepfunctions", who).describe_state_machine, stateMachineArn=machine)
    able = user(gate, ("states:*", "*"), ("kms:Decrypt", key))
    assert code(gate.client("stepfunctions", able).describe_state_machine, stateMachineArn=machine) == ""


def package() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.py", "")
    return made.getvalue()
