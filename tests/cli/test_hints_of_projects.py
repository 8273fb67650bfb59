"""Hints through the whole command: granted, left out, told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scopedown.cli.main import cli

CONFIG = """\
service: shop
provider: {name: aws, runtime: python3.12, environment: {TABLE: !Ref Orders}}
functions:
  save: {handler: app.save}
  read: {handler: app.read}
resources:
  Resources:
    Orders: {Type: AWS::DynamoDB::Table}
"""
CODE = """\
import boto3
s3 = boto3.client("s3")

def save(event, context):
    # scopedown: needs dynamodb:PutItem on ref:Orders
    shared()
    s3.put_object(Bucket="b", Key="k")  # scopedown: ignore the bucket's policy allows it

def read(event, context):
    shared(event)  # scopedown: ignore nothing is called here

def shared(event):
    pass  # scopedown: needs dynamodb:GetItem on env:TABLE

def unused():
    pass  # scopedown: needs sns:Publish on *
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "serverless.yml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "app.py").write_text(CODE, encoding="utf-8")
    return tmp_path


def run(*arguments: str | Path, code: int = 0) -> str:
    result = CliRunner().invoke(cli, [str(one) for one in arguments])
    assert result.exit_code == code, result.output
    return result.output


def scanned(shop: Path, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("scan", shop, "--format", "json", *arguments))
    return found


def test_a_hint_is_a_permission_with_its_place_as_the_reason(shop: Path) -> None:
    save, read = scanned(shop)["functions"]
    hinted = [one for one in save["permissions"] if one["origin"] == "hint"]
    assert hinted == [
        {
            "action": "dynamodb:GetItem",
            "resources": [{"value": {"Fn::GetAtt": ["Orders", "Arn"]}, "certainty": "resolved"}],
            "conditions": {},
            "origin": "hint",
            "because": [{"file": "app.py", "line": 13, "column": 11, "hint": "needs dynamodb:GetItem on env:TABLE"}],
        },
        {
            "action": "dynamodb:PutItem",
            "resources": [{"value": {"Fn::GetAtt": ["Orders", "Arn"]}, "certainty": "resolved"}],
            "conditions": {},
            "origin": "hint",
            "because": [{"file": "app.py", "line": 5, "column": 5, "hint": "needs dynamodb:PutItem on ref:Orders"}],
        },
    ]
    assert {one["action"] for one in read["permissions"] if one["origin"] == "hint"} == {"dynamodb:GetItem"}
    granted = [action for statement in save["policy"]["Statement"] for action in statement["Action"]]
    assert {"dynamodb:GetItem", "dynamodb:PutItem"} <= set(granted)


def test_an_ignored_call_is_left_out_and_told(shop: Path) -> None:
    save = scanned(shop)["functions"][0]
    assert not [one for one in save["permissions"] if one["origin"] == "code"]
    assert save["ignored"] == [
        {
            "operation": "s3.PutObject",
            "file": "app.py",
            "line": 7,
            "column": 5,
            "reason": "the bucket's policy allows it",
            "hint": {"file": "app.py", "line": 7, "column": 41},
        }
    ]


def test_a_hint_that_no_function_heeds_is_a_finding_and_one_that_any_heeds_is_none(shop: Path) -> None:
    unused = [(one["code"], one["line"]) for one in scanned(shop)["warnings"]]
    assert unused == [("hint-unused", 10), ("hint-unused", 16)]


def test_of_some_functions_alone_nobody_knows_which_hints_are_unused(shop: Path) -> None:
    assert scanned(shop, "--function", "read")["warnings"] == []


def test_a_wrong_hint_is_told_once_for_all_functions(shop: Path) -> None:
    code = CODE.replace("dynamodb:GetItem", "dynamodb:GetItme")
    (shop / "app.py").write_text(code, encoding="utf-8")
    found = scanned(shop)
    assert [one["message"] for one in found["warnings"] if one["code"] == "hint-action"] == [
        "AWS has no action dynamodb:GetItme"
    ]
    assert not [one for one in found["functions"][1]["permissions"] if one["origin"] == "hint"]


def test_the_table_tells_hints_and_what_they_leave_out(shop: Path) -> None:
    shown = run("scan", shop)
    assert "app.py:5 a hint" in shown
    assert "left out by a hint s3.PutObject at app.py:7:5: the bucket's policy allows it" in shown
    assert "0 permissions from code, 4 from settings, 3 from hints" in shown
    assert "app.py:5 a hint (needs dynamodb:PutItem on ref:Orders)" in run("scan", shop, "--explain")


def test_the_statements_tell_them_too(shop: Path) -> None:
    shown = run("scan", shop, "--format", "yaml")
    assert "# a hint (needs dynamodb:PutItem on ref:Orders) at app.py:5" in shown
    assert "# left out by a hint: s3.PutObject at app.py:7: the bucket's policy allows it" in shown


def test_explain_tells_the_hint_of_an_action_and_of_a_call_that_is_left_out(shop: Path) -> None:
    assert "app.py:5:5 a hint says: needs dynamodb:PutItem on ref:Orders" in run("explain", "dynamodb:PutItem", shop)
    shown = run("explain", "s3:PutObject", shop)
    assert "s3.PutObject at app.py:7:5 is left out by the hint of app.py:7:41" in shown
    assert "the bucket's policy allows it" in shown
