"""Terraform configurations of one function and its role, in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import hcl2

from command_line import run
from scopedown.project.load import Options, load_project
from scopedown.project.model import Project

TRUST = """\
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}
"""
BASE = f"""\
{TRUST}
resource "aws_dynamodb_table" "orders" {{ name = "orders" }}

resource "aws_iam_role" "fn" {{
  name               = "fn"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}}

data "archive_file" "fn" {{
  type        = "zip"
  source_file = "${{path.module}}/app.py"
  output_path = "app.zip"
}}

resource "aws_cloudwatch_log_group" "fn" {{ name = "fn" }}
"""
LOGS = "logging_config { log_group = aws_cloudwatch_log_group.fn.name }"


def function(name: str = "fn", role: str = "aws_iam_role.fn.arn", more: str = "", logs: str = LOGS) -> str:
    return f"""
resource "aws_lambda_function" "{name}" {{
  function_name = "{name}"
  filename      = data.archive_file.fn.output_path
  handler       = "app.handler"
  runtime       = "python3.12"
  role          = {role}
  environment {{ variables = {{ TABLE = aws_dynamodb_table.orders.name }} }}
  {logs}
  {more}
}}
"""


APP = """\
import os
import boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

def handler(event, context):
    table.put_item(Item={"id": 1})
"""
WIDE = '{ Effect = "Allow", Action = "dynamodb:*", Resource = "*" }'
LOGGING = """{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream"]
      Resource = ["${aws_cloudwatch_log_group.fn.arn}:*"]
    }, {
      Effect   = "Allow"
      Action   = ["logs:PutLogEvents"]
      Resource = ["${aws_cloudwatch_log_group.fn.arn}:*:*"]
    }"""
POLICY = """\
resource "aws_iam_role_policy" "fn" {
  role   = aws_iam_role.fn.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [STATEMENTS]
  })
}
"""


DOCUMENTS = {
    "a data source": """\
data "aws_iam_policy_document" "fn" {
  statement {
    actions   = ["dynamodb:*"]
    resources = ["*"]
  }
}
resource "aws_iam_role_policy" "fn" {
  role   = aws_iam_role.fn.name
  policy = data.aws_iam_policy_document.fn.json
}
""",
    "an attached policy": """\
resource "aws_iam_policy" "fn" {
  policy = jsonencode({ Statement = { Effect = "Allow", Action = ["dynamodb:*"], Resource = ["*"] } })
}
resource "aws_iam_role_policy_attachment" "fn" {
  role       = aws_iam_role.fn.name
  policy_arn = aws_iam_policy.fn.arn
}
""",
    "JSON in a heredoc": """\
resource "aws_iam_role_policy" "fn" {
  role   = aws_iam_role.fn.id
  policy = <<-EOF
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Action": "dynamodb:*",
          "Resource": "${aws_dynamodb_table.orders.arn}"
        }
      ]
    }
  EOF
}
""",
    "a local value": """\
locals {
  policy = {
    Statement = [
      { Effect = "Allow", Action = "dynamodb:*", Resource = "*" }
    ]
  }
}
resource "aws_iam_role_policy" "fn" {
  role   = aws_iam_role.fn.id
  policy = jsonencode(local.policy)
}
""",
}
ATTACHED = """\
resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.fn.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"
}
"""


class Folder:
    """A configuration in a repository of its own."""

    def __init__(self, path: Path, text: str, **files: str) -> None:
        self.path = path
        (path / ".git").mkdir(exist_ok=True)
        self.put({"main.tf": text, "app.py": APP, **files})

    def put(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self.path / name).write_bytes(text.encode())

    def text(self, name: str = "main.tf") -> str:
        return (self.path / name).read_bytes().decode() if (self.path / name).exists() else ""

    def write(self, *options: str, code: int = 0) -> str:
        """Write the folder, and see that a second time changes nothing and that python-hcl2 reads all files."""
        ran = run("--yes", *options, command="write", cwd=self.path)
        assert ran.returncode == code, ran.stderr
        after = {file: file.read_bytes() for file in self.path.rglob("*.tf")}
        run("--yes", *options, command="write", cwd=self.path)
        assert {file: file.read_bytes() for file in self.path.rglob("*.tf")} == after
        for data in after.values():
            hcl2.loads(data.decode("utf-8-sig"))
        return ran.stderr

    @property
    def project(self) -> Project:
        return load_project(self.path, Options())

    def allowed(self, role: str = "aws_iam_role.fn") -> dict[str, list[str]]:
        """Actions, each with the resources that a role allows it on."""
        found: dict[str, list[str]] = {}
        for one in self.project.roles[role].statements:
            actions: Any = one.statement["Action"]
            resources: Any = one.statement["Resource"]
            for action in [actions] if isinstance(actions, str) else actions:
                found[action] = [str(arn) for arn in (resources if isinstance(resources, list) else [resources])]
        return found
