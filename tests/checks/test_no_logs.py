"""SD103: what a function needs to write its logs, and what its fix allows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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


TERRAFORM = """\
resource "aws_lambda_function" "f" {
  function_name = "orders"
  runtime       = "python3.12"
  handler       = "app.f"
  filename      = data.archive_file.z.output_path
  role          = aws_iam_role.r.arn
}
data "archive_file" "z" {
  type        = "zip"
  source_dir  = "."
  output_path = "x.zip"
}
resource "aws_cloudwatch_log_group" "g" { name = "/aws/lambda/${aws_lambda_function.f.function_name}" }
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({Statement = [
    {Effect = "Allow", Action = "sts:AssumeRole", Principal = {Service = "lambda.amazonaws.com"}}]})
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  policy = jsonencode({Version = "2012-10-17", Statement = [
    {Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "RESOURCE"}]})
}
"""


@pytest.mark.parametrize(
    ("resource", "rules"),
    [
        ("${aws_cloudwatch_log_group.g.arn}:*", []),
        ("${aws_cloudwatch_log_group.g.arn}:log-stream:*", []),
        ("arn:aws:logs:*:*:log-group:/aws/lambda/${aws_lambda_function.f.function_name}:*", []),
        ("arn:aws:logs:*:*:log-group:/aws/lambda/other:*", ["SD103", "SD202"]),
    ],
)
def test_a_log_group_that_is_named_by_its_function_is_the_function_s(
    tmp_path: Path, resource: str, rules: list[str]
) -> None:
    (tmp_path / "app.py").write_text("def f(event, context):\n    pass\n")
    (tmp_path / "main.tf").write_text(TERRAFORM.replace("RESOURCE", resource))
    done = run("--format", "json", cwd=tmp_path, command="check")
    assert sorted({one["rule"] for one in json.loads(done.stdout)["problems"]}) == rules
