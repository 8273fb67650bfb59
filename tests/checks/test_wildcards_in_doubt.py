"""SD204 on statements of which something that was not seen may need more."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.checks.run import problems
from scopedown.project.load import Options, load_project
from scopedown.scan import scan

SERVICE = """\
service: s
provider:
  name: aws
  runtime: python3.12
  iam: {role: {statements: [{Effect: Allow, Action: ACTION, Resource: 'RESOURCE'}]}}
functions: {f: {handler: app.f}}
"""
CODE = """\
import boto3
import unknown_package
def f(event, context):
    boto3.client("dynamodb").put_item(TableName="orders", Item={})
    unknown_package.run()
"""


@pytest.mark.parametrize(
    ("action", "resource", "is_too_wide"),
    [
        ("dynamodb:PutItem", "*", True),
        ("'dynamodb:*'", "*", True),
        ("dynamodb:PutItem", "arn:aws:dynamodb:us-east-1:*:table/*", False),
        ("[dynamodb:PutItem, ec2:DescribeInstances]", "*", False),
        ("sqs:SendMessage", "*", False),
    ],
)
def test_everything_is_too_wide_for_a_table_whatever_was_not_read(
    tmp_path: Path, action: str, resource: str, is_too_wide: bool
) -> None:
    (tmp_path / "serverless.yml").write_text(SERVICE.replace("ACTION", action).replace("RESOURCE", resource))
    (tmp_path / "app.py").write_text(CODE)
    found = problems(scan(load_project(tmp_path, Options()), catalog()), catalog())
    wide = [one for one in found if one.rule == "SD204"]
    assert bool(wide) is is_too_wide
    assert all(one.fix is None and "what was not seen" in one.message for one in wide)
    assert not any(one.rule in ("SD201", "SD202") for one in found)
