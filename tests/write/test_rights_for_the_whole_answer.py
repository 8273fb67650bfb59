"""What AWS asks for a part of an answer stays: without it the call succeeds and the part is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.f
      CodeUri: .
      Policies:
        - Statement:
            - {Effect: Allow, Action: ['lambda:GetFunction', 'lambda:ListTags', 'lambda:ListAliases'], Resource: '*'}
"""


@pytest.mark.parametrize(("call", "stays"), [("get_function", True), ("get_function_configuration", False)])
def test_the_tags_of_a_function_come_with_it_only_by_a_permission(tmp_path: Path, call: str, stays: bool) -> None:
    code = f'import boto3\ndef f(event, context):\n    return boto3.client("lambda").{call}(FunctionName=event["n"])\n'
    (tmp_path / "app.py").write_text(code)
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    run("--yes", command="write", cwd=tmp_path)
    text = (tmp_path / "template.yaml").read_text()
    assert ("lambda:ListTags" in text) == stays
    assert "lambda:ListAliases" not in text
