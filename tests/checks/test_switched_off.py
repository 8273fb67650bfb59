"""Denials of calls that the deployed function makes only where somebody sets a variable."""

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
  environment: {STAGE: dev}
  iam: {role: {statements: [{Effect: Allow, Action: 's3:GetObject', Resource: 'RESOURCE'}]}}
functions: {f: {handler: app.f}}
"""


def found(folder: Path, body: str, resource: str = "*") -> list[tuple[str, str]]:
    (folder / "serverless.yml").write_text(SERVICE.replace("RESOURCE", resource))
    (folder / "app.py").write_text(f"import os, boto3\ns3 = boto3.client('s3')\ndef f(event, context):\n    {body}\n")
    every = problems(scan(load_project(folder, Options()), catalog()), catalog())
    return [(one.rule, one.message) for one in every if one.rule.startswith("SD1")]


@pytest.mark.parametrize(
    ("body", "rule", "words"),
    [
        ("s3.delete_object(Bucket='b', Key='k')", "SD101", "f will be denied s3:DeleteObject on"),
        ("s3.delete_object(Bucket=event['b'], Key='k')", "SD101", "f will be denied s3:DeleteObject on"),
        ("if os.environ.get('JOB'): s3.delete_object(Bucket='b', Key='k')", "SD104", " where JOB is set: s3.Delete"),
        (
            "if os.environ['STAGE'] == 'prod': s3.delete_object(Bucket='b', Key='k')",
            "SD104",
            " where STAGE has another value: s3.Delete",
        ),
        ("s3.delete_object(Bucket=os.environ['NAME'], Key='k')", "SD104", " where NAME is set: s3.Delete"),
    ],
)
def test_only_a_call_that_is_made_for_certain_will_be_denied(tmp_path: Path, body: str, rule: str, words: str) -> None:
    ((own, message),) = found(tmp_path, body)
    assert own == rule and words in message


def test_where_a_statement_names_the_action_an_unset_name_may_be_what_it_allows(tmp_path: Path) -> None:
    assert found(tmp_path, "s3.get_object(Bucket=os.environ['NAME'], Key='k')", "arn:aws:s3:::b/*") == []


def test_a_call_that_is_made_in_any_case_is_reported_once(tmp_path: Path) -> None:
    body = "if os.environ.get('JOB'): s3.delete_object(Bucket='b', Key='k')\n    s3.delete_object(Bucket='b', Key='k')"
    assert [rule for rule, _ in found(tmp_path, body)] == ["SD101"]
