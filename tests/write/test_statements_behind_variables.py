"""Statements of the shared role that a variable brings, with a resource that only the deployment knows: they go along
with the functions that get roles of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run

_MAIL = """
Send:
  Effect: Allow
  Action: sqs:SendMessage
  Resource: ${cf:mail-dev.QueueArn}
"""
_CONFIG = """
service: shop
provider:
  name: aws
  runtime: python3.12
  environment: {{QUEUE: '${{cf:mail-dev.QueueUrl}}'}}
  iam:
    role:
      statements:{statements}
functions:
  mail: {{handler: app.mail}}
  list: {{handler: app.list}}
"""
_CODE = """
import boto3, os
def mail(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody="x")
def list(event, context):
    boto3.client("dynamodb").scan(TableName="orders")
"""
_ALL = "{Effect: Allow, Action: 'dynamodb:*', Resource: '*'}"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(_CODE)
    return tmp_path


def test_a_statement_that_a_variable_brings_is_copied_as_the_variable(project: Path) -> None:
    (project / "mail.yml").write_text(_MAIL)
    statements = f"\n        - ${{file(mail.yml):Send}}\n        - {_ALL}"
    (project / "serverless.yml").write_text(_CONFIG.format(statements=statements))
    assert run("--yes", command="write", cwd=project).returncode == 0
    text = (project / "serverless.yml").read_text()
    assert "MailRole" in text and "dynamodb:Scan" in text and "dynamodb:*" not in text
    role = text[text.index("MailRole:") :].partition("ListRole:")[0]
    assert "${file(mail.yml):Send}" in role


def test_a_function_stays_with_a_statement_that_cannot_be_copied(project: Path) -> None:
    mail = "{Effect: Allow, Action: 'sqs:SendMessage', Resource: '${cf:mail-dev.QueueArn}'}"
    config = _CONFIG.format(statements=f"\n        - *mail\n        - {_ALL}")
    (project / "serverless.yml").write_text(f"custom: {{mail: &mail {mail}}}\n{config.strip()}\n")
    ran = run("--yes", command="write", cwd=project)
    text = (project / "serverless.yml").read_text()
    assert "mail was not changed" in ran.stdout + ran.stderr
    assert "MailRole" not in text and "ListRole" in text and "- *mail" in text
