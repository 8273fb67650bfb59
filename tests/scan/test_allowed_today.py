"""The line that says what a role allows today and what the function needs of it, and the rows of logs."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run

CODE = """import boto3
def f(event, context):
    boto3.client("dynamodb").get_item(TableName="t", Key={})
"""
TABLE = "arn:aws:dynamodb:us-east-1:111122223333:table/t"
QUEUE = "arn:aws:sqs:us-east-1:111122223333:q"


def scanned(tmp_path: Path, statement: str, *options: str, more: str = "", code: str = CODE, events: str = "[]") -> str:
    (tmp_path / "app.py").write_text(code)
    (tmp_path / "serverless.yml").write_text(
        "service: s\nframeworkVersion: '3'\nprovider:\n  name: aws\n  runtime: python3.12\n"
        f"  iam: {{role: {{statements: [{statement}]{more}}}}}\n"
        f"functions: {{f: {{handler: app.f, events: {events}}}}}\n"
    )
    found = run(*options, cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    return found.stdout


def allow(actions: str, resource: str = TABLE) -> str:
    return f"{{Effect: Allow, Action: [{actions}], Resource: '{resource}'}}"


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (allow("'dynamodb:*'", "*"), "allows dynamodb:* on *; this function needs 1 action on 1 resource"),
        (allow("'dynamodb:GetItem', 'dynamodb:PutItem'"), "allows 2 actions on 1 resource; this function needs 1"),
        (allow("'dynamodb:GetItem', 'sqs:*'"), f"allows sqs:* on {TABLE} and 1 more action; this function needs 1"),
    ],
)  # fmt: skip
def test_a_role_that_allows_more_is_shown_with_what_is_needed(tmp_path: Path, statement: str, says: str) -> None:
    assert f"role IamRoleLambdaExecution {says}" in scanned(tmp_path, statement)


def test_what_an_event_needs_counts_where_a_wildcard_allows_it(tmp_path: Path) -> None:
    assert "needs 4 actions on 2 resources" in scanned(tmp_path, allow("'*'", "*"), events=f"[sqs: {QUEUE}]")


def test_a_managed_policy_is_named(tmp_path: Path) -> None:
    more = ", managedPolicies: ['arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess']"
    assert "allows the policy AmazonDynamoDBFullAccess; this" in scanned(tmp_path, "", more=more)


def test_of_code_that_was_seen_in_part_the_need_is_a_least_one(tmp_path: Path) -> None:
    code = CODE.replace("import boto3", "import boto3, amazon_driver") + "    amazon_driver.go()\n"
    assert "needs at least 1 action on 1 resource" in scanned(tmp_path, allow("'dynamodb:*'", "*"), code=code)


@pytest.mark.parametrize("statement", ["", allow("'dynamodb:GetItem'"), allow("'logs:*'", "*")])
def test_a_role_that_allows_no_more_is_not_mentioned(tmp_path: Path, statement: str) -> None:
    assert "this function needs" not in scanned(tmp_path, statement)


def test_the_rows_of_logs_are_one_word(tmp_path: Path) -> None:
    shown = scanned(tmp_path, "")
    assert "role IamRoleLambdaExecution  + logs\n" in shown and "logs:" not in shown
    assert shown.endswith("2 from settings; --all shows the rows for logs\n")
    assert "logs:PutLogEvents" in scanned(tmp_path, "", "--all")


def test_a_statement_on_logs_that_the_code_needs_is_shown(tmp_path: Path) -> None:
    code = 'import boto3\ndef f(e, c):\n    boto3.client("logs").create_log_group(logGroupName="g")\n'
    assert "logs:CreateLogGroup" in scanned(tmp_path, "", code=code)
