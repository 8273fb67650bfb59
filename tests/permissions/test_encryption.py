"""A customer's key on a declared resource: reading and writing the resource needs the key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from permission_words import a_function, a_project, sdk_call, short

from scopedown.calls.model import SdkCall
from scopedown.catalog.load import SqliteCatalog
from scopedown.core.text import Ref, Text, Unknown
from scopedown.permissions.bind import bind
from scopedown.permissions.encryption import encrypted, key_permissions, read_back
from scopedown.permissions.from_config import from_config
from scopedown.permissions.model import Origin
from scopedown.permissions.require import named_by, require
from scopedown.project.model import Handler
from scopedown.scan import scan

KEY = {"Fn::GetAtt": ["Key", "Arn"]}


def declared(key: Any = KEY) -> dict[str, Any]:
    """One resource of each type, encrypted with ``key``, and what the key may be named by."""
    rules = [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}]
    return {
        "Key": ("AWS::KMS::Key", {}),
        "Alias": ("AWS::KMS::Alias", {"AliasName": "alias/shop", "TargetKeyId": {"Ref": "Key"}}),
        "Bucket": ("AWS::S3::Bucket", {"BucketEncryption": {"ServerSideEncryptionConfiguration": rules}}),
        "Plain": ("AWS::S3::Bucket", {}),
        "Table": ("AWS::DynamoDB::Table", {"SSESpecification": {"SSEEnabled": True, "KMSMasterKeyId": key}}),
        "Queue": ("AWS::SQS::Queue", {"KmsMasterKeyId": key}),
        "Topic": ("AWS::SNS::Topic", {"KmsMasterKeyId": key}),
        "Secret": ("AWS::SecretsManager::Secret", {"KmsKeyId": key}),
        "Stream": ("AWS::Kinesis::Stream", {"StreamEncryption": {"EncryptionType": "KMS", "KeyId": key}}),
    }


def keys_of(facts: SqliteCatalog, call: str, arguments: Mapping[str, Any], key: Any = KEY) -> dict[str, Any]:
    """The actions on keys that a call needs, with their resources (and conditions, where there are any)."""
    project, function = a_project(declared(key)), a_function()
    bound = [bind(one, function, project, facts) for one in require(sdk_call(call, arguments), facts)]
    found = {}
    for one in key_permissions(bound, project):
        arns = [short(resource.arn) for resource in one.resources]
        found[one.action] = (arns, one.conditions) if one.conditions else arns
    return found


READ = {"kms:Decrypt": ["${Key.Arn}"]}
WRITE = {"kms:GenerateDataKey": ["${Key.Arn}"]}


@pytest.mark.parametrize(
    ("call", "arguments", "expected"),
    [
        ("s3.GetObject", {"Bucket": Ref("Bucket"), "Key": "k"}, READ),
        ("s3.GetObject", {"Bucket": Ref("Bucket"), "Key": "k", "VersionId": "1"}, READ),
        ("s3.PutObject", {"Bucket": Ref("Bucket"), "Key": Unknown("event")}, WRITE),
        ("s3.CreateMultipartUpload", {"Bucket": Ref("Bucket"), "Key": "k"}, READ | WRITE),
        ("s3.CopyObject", {"Bucket": Ref("Bucket"), "Key": "k", "CopySource": {"Bucket": "b", "Key": "k"}}, WRITE),
        (
            "s3.CopyObject",
            {"Bucket": Ref("Plain"), "Key": "k", "CopySource": Text.of(Ref("Bucket"), "/k")},
            READ,
        ),
        ("s3.HeadObject", {"Bucket": Ref("Bucket"), "Key": "k"}, {}),
        ("s3.ListObjectsV2", {"Bucket": Ref("Bucket")}, {}),
        ("s3.DeleteObject", {"Bucket": Ref("Bucket"), "Key": "k"}, {}),
        ("s3.GetObject", {"Bucket": Ref("Plain"), "Key": "k"}, {}),
        ("s3.GetObject", {"Bucket": "elsewhere", "Key": "k"}, {}),
        ("dynamodb.GetItem", {"TableName": Ref("Table")}, READ),
        ("dynamodb.PutItem", {"TableName": Ref("Table")}, READ),
        ("dynamodb.DescribeTable", {"TableName": Ref("Table")}, {}),
        ("sqs.SendMessage", {"QueueUrl": Ref("Queue")}, READ | WRITE),
        ("sqs.ReceiveMessage", {"QueueUrl": Ref("Queue")}, READ),
        ("sqs.DeleteMessage", {"QueueUrl": Ref("Queue")}, {}),
        ("sns.Publish", {"TopicArn": Ref("Topic")}, READ | WRITE),
        ("secretsmanager.GetSecretValue", {"SecretId": Ref("Secret")}, READ),
        ("secretsmanager.DescribeSecret", {"SecretId": Ref("Secret")}, {}),
        ("kinesis.PutRecords", {"StreamName": Ref("Stream")}, WRITE),
    ],
)
def test_a_call_on_an_encrypted_resource_needs_its_key(
    facts: SqliteCatalog, call: str, arguments: Mapping[str, Any], expected: Mapping[str, Any]
) -> None:
    assert keys_of(facts, call, arguments) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ({"Ref": "Key"}, ["${Key.Arn}"]),
        ({"Ref": "Alias"}, ["${Key.Arn}"]),
        ("alias/shop", ["${Key.Arn}"]),
        ("arn:aws:kms:eu-west-1:111122223333:key/1234", ["arn:aws:kms:eu-west-1:111122223333:key/1234"]),
        ("1234abcd-12ab-34cd-56ef-1234567890ab", ["arn:P:kms:R:A:key/1234abcd-12ab-34cd-56ef-1234567890ab"]),
        (
            "alias/other",
            (
                ["arn:P:kms:R:A:key/*"],
                {"ForAnyValue:StringEquals": {"kms:ResourceAliases": ("alias/other",)}},
            ),
        ),
    ],
)
def test_a_key_is_named_in_any_way(facts: SqliteCatalog, key: Any, expected: Any) -> None:
    assert keys_of(facts, "sqs.ReceiveMessage", {"QueueUrl": Ref("Queue")}, key) == {"kms:Decrypt": expected}


@pytest.mark.parametrize("key", ["alias/aws/sqs", "arn:aws:kms:eu-west-1:111122223333:alias/aws/sqs"])
def test_a_key_of_awss_own_is_no_matter_of_the_role(facts: SqliteCatalog, key: str) -> None:
    assert keys_of(facts, "sqs.ReceiveMessage", {"QueueUrl": Ref("Queue")}, key) == {}


def test_a_function_that_an_encrypted_queue_calls_decrypts_for_its_messages() -> None:
    project = a_project(declared())
    function = a_function(events=[("sqs", {"arn": {"Fn::GetAtt": ["Queue", "Arn"]}})])
    [found] = key_permissions(from_config(function, project), project)
    assert (found.action, [short(one.arn) for one in found.resources]) == ("kms:Decrypt", ["${Key.Arn}"])


def test_the_facts_name_actions_that_exist(facts: SqliteCatalog) -> None:
    for kind, known in encrypted().items():
        assert facts.cloudformation_type(kind) is not None
        assert known.source.startswith("https://docs.aws.amazon.com/")
        for action, needed in known.needs.items():
            assert all(facts.action(one) is not None for one in (action, *needed))


def test_a_scan_tells_the_key_beside_what_it_encrypts(facts: SqliteCatalog, tmp_path: Path) -> None:
    source = (
        "import boto3\n\n\ndef handler(event, context):\n    boto3.client('s3').get_object(Bucket=BUCKET, Key='k')\n"
    )
    (tmp_path / "app.py").write_text(f"import os\n\nBUCKET = os.environ['BUCKET']\n{source}", encoding="utf-8")
    function = a_function({"BUCKET": Ref("Bucket")})
    function = replace(function, handler=Handler("app.handler", "app.py", "handler"))
    project = replace(a_project(declared(), (function,)), root=str(tmp_path))
    [scanned] = scan(project, facts).functions
    of_code = {
        one.action: [short(each.arn) for each in one.resources]
        for one in scanned.permissions
        if one.origin is Origin.CODE
    }
    assert of_code == {"s3:GetObject": ["arn:P:s3:::${Bucket}/k"], "kms:Decrypt": ["${Key.Arn}"]}
    [decrypt] = [one for one in scanned.permissions if one.action == "kms:Decrypt"]
    [reason] = decrypt.because
    assert isinstance(reason, SdkCall) and named_by(reason, "kms:Decrypt", facts) == {}


def keys_together(facts: SqliteCatalog, *calls: tuple[str, dict[str, Any]]) -> dict[str, list[str]]:
    """What calls of one function need of keys that they name themselves."""
    found = [one for operation, arguments in calls for one in require(sdk_call(operation, arguments), facts)]
    needed: dict[str, list[str]] = {}
    for one in (*found, *read_back(found)):
        if one.action.startswith("kms:"):
            needed.setdefault(one.action, []).extend(short(resource.arn) for resource in one.resources)
    return needed


WRITTEN = ("s3.PutObject", {"Bucket": "b", "Key": "in/1", "SSEKMSKeyId": "k-1"})


def test_what_is_read_back_of_a_bucket_needs_the_key_that_it_was_written_with(facts: SqliteCatalog) -> None:
    read = ("s3.GetObject", {"Bucket": "b", "Key": Unknown("event")})
    assert keys_together(facts, WRITTEN, read) == {
        "kms:GenerateDataKey": ["arn:P:kms:R:A:key/k-1"],
        "kms:Decrypt": ["arn:P:kms:R:A:key/k-1"],
    }


@pytest.mark.parametrize(
    "other",
    [
        ("s3.GetObject", {"Bucket": "c", "Key": "in/1"}),
        ("s3.GetObject", {"Bucket": Unknown("event"), "Key": "in/1"}),
        ("s3.HeadObject", {"Bucket": "b", "Key": "in/1"}),
    ],
)
def test_other_buckets_and_metadata_do_not_need_it(facts: SqliteCatalog, other: tuple[str, dict[str, Any]]) -> None:
    assert keys_together(facts, WRITTEN, other) == {"kms:GenerateDataKey": ["arn:P:kms:R:A:key/k-1"]}


def test_an_upload_that_may_be_sent_in_parts_reads_them_again(facts: SqliteCatalog) -> None:
    upload = ("s3.PutObject", {"Bucket": "b", "Key": "in/1", "SSEKMSKeyId": "k-1", "$parts": True})
    assert set(keys_together(facts, upload)) == {"kms:GenerateDataKey", "kms:Decrypt"}
    project = a_project(declared())
    function = a_function()
    in_parts = sdk_call("s3.PutObject", {"Bucket": Ref("Bucket"), "Key": "k", "$parts": True})
    found = [bind(one, function, project, facts) for one in require(in_parts, facts)]
    assert {one.action for one in key_permissions(found, project)} == {"kms:GenerateDataKey", "kms:Decrypt"}
