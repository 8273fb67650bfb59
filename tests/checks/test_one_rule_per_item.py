"""What is wrong with an item of a statement is told by one rule: the others do not call it unused or without effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from project_problems import IDLE, problems_of

SERVICE = """\
service: s
provider:
  name: aws
  runtime: python3.12
  iam: {role: {statements: [{Effect: Allow, Action: ACTION, Resource: RESOURCE}]}}
functions: {f: {handler: app.f}}
"""
READS = 'import boto3\ndef f(event, context):\n    boto3.client("dynamodb").get_item(TableName="a", Key=event)\n'


def told(folder: Path, action: str, resource: str, code: str = IDLE) -> list[str]:
    text = SERVICE.replace("ACTION", action).replace("RESOURCE", resource)
    return [problem.rule for problem in problems_of(folder, text, code)]


def test_a_resource_that_is_no_arn_is_malformed_and_not_unused(tmp_path: Path) -> None:
    found = told(tmp_path, "'dynamodb:GetItem'", "'arn:aws:dynamodb:us-east-1:table/a'", READS)
    assert found == ["SD403", "SD101"]  # the call is denied all the same


def test_an_arn_beside_a_malformed_one_is_still_judged(tmp_path: Path) -> None:
    resources = "['arn:aws:dynamodb:us-east-1:table/a', 'arn:aws:dynamodb:us-east-1:*:table/b']"
    assert told(tmp_path, "'dynamodb:GetItem'", resources, READS) == ["SD202", "SD403", "SD101"]


def test_an_action_that_is_not_there_is_unknown_and_not_unused(tmp_path: Path) -> None:
    assert told(tmp_path, "'s3:ListObjectsV2'", "'*'") == ["SD401"]
    assert told(tmp_path, "['s3:ListObjectsV2', 's3:ListBucket']", "'*'") == ["SD201", "SD401"]


@pytest.mark.parametrize("action", ["PurgeQueue", "'s*:PurgeQueue'"])
def test_a_statement_that_iam_refuses_is_malformed_and_nothing_else(tmp_path: Path, action: str) -> None:
    assert told(tmp_path, action, "'*'") == ["SD402"]
