from __future__ import annotations

import json

import pytest

from scopedown.catalog.load import SqliteCatalog
from scopedown.catalog.lookup import as_text, look_up, near_matches


def test_an_action_tells_level_types_keys_and_operations(facts: SqliteCatalog) -> None:
    data = look_up(facts, "dynamodb:putitem")
    assert data is not None
    assert data["schema"] == "scopedown.catalog/1" and data["kind"] == "action"
    assert data["name"] == "dynamodb:PutItem" and data["accessLevel"] == "Write"
    assert {
        "name": "table",
        "arn": "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}",
        "required": True,
    } in (data["resourceTypes"])
    assert "dynamodb:LeadingKeys" in data["conditionKeys"]
    assert data["operations"] == ["dynamodb.PutItem", "dynamodb.RestoreTableFromBackup", "dynamodb.TransactWriteItems"]


@pytest.mark.parametrize("name", ["s3.HeadObject", "s3.head_object"])
def test_an_operation_tells_its_actions(facts: SqliteCatalog, name: str) -> None:
    data = look_up(facts, name)
    assert data is not None and data["kind"] == "operation" and data["name"] == "s3.HeadObject"
    assert ("s3:GetObject", "!VersionId") in [(a["action"], a["when"]) for a in data["actions"]]
    assert all(a["source"] for a in data["actions"])


def test_an_unguarded_operation_says_why(facts: SqliteCatalog) -> None:
    data = look_up(facts, "sts.GetCallerIdentity")
    assert data is not None and data["authorised"] is False
    assert "authorised      no: no permission is required" in as_text(data)


def test_a_type_tells_ref_attributes_arn_and_handlers(facts: SqliteCatalog) -> None:
    data = look_up(facts, "AWS::DynamoDB::Table")
    assert data is not None and data["kind"] == "cloudformation"
    assert (
        data["ref"] == "TableName" and "StreamArn" in data["attributes"] and data["arn"].endswith("table/${TableName}")
    )
    assert "dynamodb:CreateTable" in data["handlers"]["create"]


@pytest.mark.parametrize(
    ("name", "prefix"), [("stepfunctions", "states"), ("states", "states"), ("dynamodb", "dynamodb")]
)
def test_a_service_is_known_by_sdk_name_and_by_prefix(facts: SqliteCatalog, name: str, prefix: str) -> None:
    data = look_up(facts, name)
    assert data is not None and data["kind"] == "service" and data["prefix"] == prefix
    assert len(data["actions"]) == sum(data["accessLevels"].values()) > 10
    assert data["sdks"][0]["v3Package"].startswith("@aws-sdk/client-")


@pytest.mark.parametrize(
    "name", ["s3:GetObject", "s3.PutObject", "AWS::S3::Bucket", "s3", "polly.DeleteVoice", "states"]
)
def test_every_kind_becomes_text_and_json(facts: SqliteCatalog, name: str) -> None:
    data = look_up(facts, name)
    assert data is not None
    assert json.loads(json.dumps(data)) == data
    text = as_text(data)
    assert text.endswith("\n") and all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("dynamodb:" + "PutItems", "dynamodb:PutItem"),
        ("s3.headobjekt", "s3.HeadObject"),
        ("dinamodb.PutItem", "dynamodb"),
        ("AWS::DynamoDB::Tabel", "AWS::DynamoDB::Table"),
        ("dynamo", "dynamodb"),
        ("dynamodbb:PutItem", "dynamodb:PutItem"),
    ],
)
def test_an_unknown_name_has_near_matches(facts: SqliteCatalog, name: str, near: str) -> None:
    assert look_up(facts, name) is None
    assert near in near_matches(facts, name)


@pytest.mark.parametrize(
    "name", ["", " ", ":", ".", "::", "a:b:c", "s3:", "s3.", ".x", "\0", "é", "x" * 10_000, "' OR 1"]
)
def test_odd_names_are_unknown_and_no_error(facts: SqliteCatalog, name: str) -> None:
    assert look_up(facts, name) is None
    near_matches(facts, name)
