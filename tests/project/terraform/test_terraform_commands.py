"""The commands on a Terraform configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run

MAIN = """
resource "aws_dynamodb_table" "orders" { name = "orders" }
resource "aws_iam_role" "fn" {
  name               = "fn"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "fn" {
  role   = aws_iam_role.fn.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = ["dynamodb:PutItem", "dynamodb:DeleteTable"],
      Resource = aws_dynamodb_table.orders.arn }]
  })
}
data "archive_file" "fn" {
  type        = "zip"
  source_file = "${path.module}/app.py"
  output_path = "app.zip"
}
resource "aws_lambda_function" "fn" {
  function_name = "fn"
  filename      = data.archive_file.fn.output_path
  handler       = "app.handler"
  runtime       = "python3.12"
  role          = aws_iam_role.fn.arn
  environment { variables = { TABLE = aws_dynamodb_table.orders.name } }
}
"""
APP = """
import os
import boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

def handler(event, context):
    table.put_item(Item={"id": 1})
    return table.get_item(Key={"id": 1})
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(MAIN)
    (tmp_path / "app.py").write_text(APP)
    return tmp_path


def test_scan_shows_what_the_functions_need(folder: Path) -> None:
    done = run(cwd=folder)
    assert done.returncode == 0
    assert "aws_lambda_function.fn  app.py:handler  python3.12  role aws_iam_role.fn" in done.stdout
    assert "dynamodb:GetItem  ${aws_dynamodb_table.orders.Arn}" in done.stdout


def test_explain_leads_to_the_line_of_the_configuration(folder: Path) -> None:
    done = run("dynamodb:GetItem", cwd=folder, command="explain")
    assert "aws_dynamodb_table.orders is the AWS::DynamoDB::Table of main.tf:2:1" in done.stdout


def test_check_reports_what_is_missing_and_unused_at_its_line(folder: Path) -> None:
    done = run(cwd=folder, command="check")
    assert done.returncode == 1
    assert "main.tf:12:18: warning SD201 unused-action: dynamodb:DeleteTable" in done.stdout
    assert "SD101 missing-permission: aws_lambda_function.fn will be denied dynamodb:GetItem" in done.stdout


def test_write_prints_policy_documents_and_changes_no_file(folder: Path) -> None:
    printed = run("--format", "terraform", cwd=folder, command="write").stdout
    assert 'data "aws_iam_policy_document"' in printed
    assert "resources = [aws_dynamodb_table.orders.arn]" in printed and "variable" not in printed
    assert (folder / "main.tf").read_text() == MAIN


def test_deploy_policy_says_that_it_does_not_know(folder: Path) -> None:
    refused = run(cwd=folder, command="deploy-policy")
    assert (refused.returncode, refused.stdout) == (2, "") and "terraform apply" in refused.stderr


def test_prove_says_what_to_do_instead(folder: Path) -> None:
    pytest.importorskip("moto")
    refused = run(cwd=folder, command="prove")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "prove runs projects of" in refused.stderr and "scopedown check" in refused.stderr
