"""Who names a customer's key has the service use it, and needs the actions of KMS that the service asks for that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scopedown.catalog.load import catalog
from scopedown.core.tables import read_rows
from scopedown.guard import encryption_keys
from scopedown.guard.checks import checks
from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, REGION

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012"


def asked(service: str, operation: str, **parameters: Any) -> dict[str, set[str]]:
    """The actions of KMS that a request needs, by key."""
    found: dict[str, set[str]] = {}
    for one in checks(service, operation, parameters, ACCOUNT, REGION):
        if one.action.startswith("kms:"):
            found.setdefault(one.resource, set()).add(one.action.removeprefix("kms:"))
    return found


def test_the_service_says_which_actions_it_takes_of_a_key() -> None:
    assert asked("ecr", "CreateRepository", repositoryName="r", encryptionConfiguration={"kmsKey": KEY}) == {
        KEY: {"CreateGrant", "DescribeKey", "RetireGrant"}
    }
    assert asked("lambda", "CreateFunction", FunctionName="f", Code={"SourceKMSKeyArn": KEY})[KEY] == {
        "CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKey",
    }  # fmt: skip


def test_a_key_is_named_by_its_id_too() -> None:
    assert KEY in asked("events", "CreateConnection", Name="c", KmsKeyIdentifier=KEY.rpartition("/")[2])
    assert list(asked("ec2", "CreateVolume", AvailabilityZone="a", KmsKeyId=KEY.rpartition("/")[2])) == [KEY]


def test_an_id_or_an_alias_names_a_key_in_a_member_of_encryption() -> None:
    provider = [{"provider": {"keyArn": "alias/theirs"}, "resources": ["secrets"]}]
    assert asked("eks", "CreateCluster", name="c", encryptionConfig=provider)
    assert KEY in asked("dsql", "CreateCluster", kmsEncryptionKey=KEY.rpartition("/")[2])
    assert not asked("dsql", "CreateCluster", clientToken=KEY.rpartition("/")[2])


def test_a_service_whose_documentation_names_nothing_is_given_a_grant() -> None:
    assert asked("fsx", "CreateFileSystem", FileSystemType="LUSTRE", KmsKeyId=KEY) == {
        KEY: {"CreateGrant", "DescribeKey"}
    }


def test_what_the_mapping_asks_of_a_key_is_all_of_it() -> None:
    assert asked("secretsmanager", "CreateSecret", Name="s", KmsKeyId=KEY) == {KEY: {"GenerateDataKey", "Decrypt"}}


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("logs", "CreateLogGroup", {"logGroupName": "g", "kmsKeyId": KEY}),
        ("sqs", "CreateQueue", {"QueueName": "q", "Attributes": {"KmsMasterKeyId": KEY}}),
        ("dynamodb", "PutItem", {"TableName": "t", "Item": {"key": {"S": KEY}}}),
        ("rds", "CreateDBInstance", {"DBInstanceIdentifier": "d", "KmsKeyId": "alias/aws/rds"}),
    ],
)  # fmt: skip
def test_a_key_that_others_use_and_a_key_of_aws_ask_nothing(
    service: str, operation: str, parameters: dict[str, Any]
) -> None:
    assert asked(service, operation, **parameters) == {}


def test_an_alias_stands_for_its_key(gate: Gate) -> None:
    key = gate.client("kms").create_key()["KeyMetadata"]["Arn"]
    gate.client("kms").create_alias(AliasName="alias/own", TargetKeyId=key)
    assert list(asked("efs", "CreateFileSystem", CreationToken="t", KmsKeyId="alias/own")) == [key]


def test_every_row_names_an_operation_and_its_source() -> None:
    for row in read_rows(Path(encryption_keys.__file__).with_name("key_uses.tsv")):
        assert row["source"]
        assert row["service"] == "*" or catalog().service(row["service"]), row
        assert row["operation"] == "*" or catalog().operation(row["service"], row["operation"]), row
        actions = [] if row["actions"] == "-" else row["actions"].split(",")
        assert all(catalog().action(f"kms:{one}") for one in actions), row
