"""The fork of serverless-iam-roles-per-function makes the same roles."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run

SERVICE = """service: shop
frameworkVersion: '3'
provider: {{name: aws, runtime: python3.12}}
plugins: [{plugin}]
functions:
  save:
    handler: app.save
    iamRoleStatements:
      - {{Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}}
"""
CODE = """import boto3
def save(event, context):
    boto3.client("sqs").send_message(QueueUrl=event["q"], MessageBody="m")
"""


@pytest.mark.parametrize("plugin", ["serverless-iam-roles-per-function", "serverless-iamroles"])
def test_statements_of_a_function_are_in_its_role(tmp_path: Path, plugin: str) -> None:
    (tmp_path / "serverless.yml").write_text(SERVICE.format(plugin=plugin))
    (tmp_path / "app.py").write_text(CODE)
    assert "SD101" not in run(".", cwd=tmp_path, command="check").stdout
    run("--yes", ".", cwd=tmp_path, command="write")
    assert "role:" not in (tmp_path / "serverless.yml").read_text()
