"""``write`` keeps what a line could need that the analysis did not see run, and nothing beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run

PROJECT = """\
service: shop
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
        - Effect: Allow
          Action: ['dynamodb:*', 'glacier:DeleteVault']
          Resource: '*'
functions:
  save: {handler: app.save}
"""
CODE = """\
import boto3
table = boto3.client("dynamodb")

def save(event, context):
    hidden = False
    if hidden:
        table.delete_item(TableName="orders", Key=event["key"])
    table.put_item(TableName="orders", Item=event["item"])

def never(event):
    table.scan(TableName="orders")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "serverless.yml").write_text(PROJECT)
    (tmp_path / "app.py").write_text(CODE)
    return tmp_path


def written(project: Path) -> tuple[str, str]:
    result = run("--yes", "--no-cache", cwd=project, command="write")
    return (project / "serverless.yml").read_text(), result.stdout + result.stderr


def test_a_named_line_that_was_not_seen_to_run_keeps_its_right_and_no_other(project: Path) -> None:
    text, said = written(project)
    assert "dynamodb:DeleteItem" in text and "dynamodb:PutItem" in text
    assert "dynamodb:*" not in text and "dynamodb:Scan" not in text and "glacier" not in text
    assert "dynamodb:DeleteItem of save: app.py:7:15 names delete_item, and scopedown did not see that line run" in said


def test_a_comment_on_the_line_drops_it(project: Path) -> None:
    text = CODE.replace('Key=event["key"])', 'Key=event["key"])  # scopedown: ignore only by hand')
    (project / "app.py").write_text(text)
    assert "dynamodb:DeleteItem" not in written(project)[0]


def test_a_statement_of_another_partition_stays_for_a_need_on_an_unknown_resource(project: Path) -> None:
    text = PROJECT.replace("dynamodb:*", "sqs:*").replace("'*'\n", "arn:aws-cn:sqs:cn-north-1:123456789012:q\n")
    code = "import boto3\ndef save(event, context):\n    boto3.client('sqs').send_message(QueueUrl=event['q'])\n"
    (project / "serverless.yml").write_text(text)
    (project / "app.py").write_text(code)
    assert "arn:aws-cn:sqs:cn-north-1:123456789012:q" in written(project)[0]
