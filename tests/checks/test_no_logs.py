"""SD103: what a function needs to write its logs, and what its fix allows."""

from __future__ import annotations

from pathlib import Path

from command_line import run

TEMPLATE = """\
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.12, Handler: app.f, Code: ., Role: !GetAtt R.Arn}
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]
      Policies:
        - PolicyName: p
          PolicyDocument: {Statement: [{Effect: Allow, Action: ACTIONS, Resource: '*'}]}
"""


def fixed(folder: Path, actions: str) -> str:
    (folder / "app.py").write_text("def f(event, context):\n    pass\n")
    (folder / "template.yaml").write_text(TEMPLATE.replace("ACTIONS", actions))
    run("--fix", "--yes", "--select", "SD103", cwd=folder, command="check")
    return (folder / "template.yaml").read_text()


def test_the_fix_lets_lambda_create_a_log_group_that_the_stack_does_not_make(tmp_path: Path) -> None:
    text = fixed(tmp_path, "'sqs:ListQueues'")
    assert all(action in text for action in ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"))


def test_a_role_that_may_write_to_a_group_is_left_alone(tmp_path: Path) -> None:
    assert "logs:CreateLogGroup" not in fixed(tmp_path, "['logs:CreateLogStream', 'logs:PutLogEvents']")
