"""``scopedown denied``: who, what, which line or step, what to add, and the fix."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command_line import run

ROLE = "arn:aws:sts::111122223333:assumed-role/orders-dev-eu-west-1-lambdaRole/orders-dev-save"
TABLE = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"
SERVICE = """\
service: orders
provider:
  name: aws
  runtime: python3.12
  region: eu-west-1
  iam:
    role:
      statements:
        - Effect: Allow
          Action: sqs:SendMessage
          Resource: '*'
functions:
  save:
    handler: app.save
resources:
  Resources:
    Table:
      Type: AWS::DynamoDB::Table
      Properties: {TableName: orders, BillingMode: PAY_PER_REQUEST}
"""
CODE = """\
import boto3
def save(event, context):
    boto3.resource("dynamodb").Table("orders").put_item(Item=event)
"""


def sentence(caller: str, action: str, resource: str, why: str = "because no identity-based policy allows the") -> str:
    end = f"{why} {action} action" if why.endswith("the") else why
    return f"User: {caller} is not authorized to perform: {action} on resource: {resource} {end}"


@pytest.fixture
def service(tmp_path: Path) -> Path:
    (tmp_path / "serverless.yml").write_text(SERVICE)
    (tmp_path / "app.py").write_text(CODE)
    return tmp_path


def explained(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = run(*arguments, "--format", "json", cwd=folder, command="denied")
    (one,) = json.loads(done.stdout)["denials"]
    return done.returncode, one


def test_a_functions_denial_names_its_line_and_the_statement(service: Path) -> None:
    code, one = explained(service, "-m", sentence(ROLE, "dynamodb:PutItem", TABLE))
    assert code == 0
    (function,) = one["functions"]
    assert (function["name"], function["certain"], function["role"]) == ("save", True, "IamRoleLambdaExecution")
    assert function["reasons"] == [{"what": "calls dynamodb.PutItem", "file": "app.py", "line": 3, "column": 5}]
    assert one["statement"] == {"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": TABLE}
    assert one["afterwards"].startswith("allowed") and one["identityPolicyHelps"]


def test_fix_adds_the_statement_by_the_projects_own_names(service: Path) -> None:
    done = run("-m", sentence(ROLE, "dynamodb:PutItem", TABLE), "--fix", "--yes", cwd=service, command="denied")
    text = (service / "serverless.yml").read_text()
    assert done.returncode == 0 and "fixed 1 problem in serverless.yml" in done.stderr
    assert "            - dynamodb:PutItem\n          Resource:\n            - !GetAtt Table.Arn\n" in text
    again = run("-m", sentence(ROLE, "dynamodb:PutItem", TABLE), "--fix", "--yes", cwd=service, command="denied")
    assert again.returncode == 0 and (service / "serverless.yml").read_text() == text


def test_fix_adds_what_the_code_does_not_show_as_aws_names_it(service: Path) -> None:
    message = sentence(ROLE, "s3:GetObject", "arn:aws:s3:::reports/2026.csv")
    done = run("-m", message, "--fix", "--yes", cwd=service, command="denied")
    assert done.returncode == 0
    assert "- arn:aws:s3:::reports/2026.csv" in (service / "serverless.yml").read_text()


def test_a_deployment_names_its_step(service: Path) -> None:
    code, one = explained(service, "-m", sentence("arn:aws:iam::111122223333:user/ci", "dynamodb:CreateTable", TABLE))
    assert code == 0 and one["functions"] == []
    assert one["steps"][0]["what"] == "CloudFormation creates Table (AWS::DynamoDB::Table)"
    assert one["steps"][0]["file"] == "serverless.yml"


@pytest.mark.parametrize(
    ("why", "holder"),
    [
        ("because no permissions boundary allows the", "the permissions boundary of the caller"),
        ("because no session policy allows the", "the session policy"),
        ("because no service control policy allows the", "the service control policies above the account"),
        ("because no VPC endpoint policy allows the", "the policy of the VPC endpoint"),
        ("because no resource-based policy allows the", "the policy of the resource"),
    ],
)
def test_another_kind_of_policy_is_named_and_no_identity_policy_helps(tmp_path: Path, why: str, holder: str) -> None:
    code, one = explained(
        tmp_path, "-m", sentence(ROLE, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q", why)
    )
    assert code == 1 and not one["identityPolicyHelps"]
    assert one["addTo"].startswith(holder) and one["statement"]["Effect"] == "Allow"
    assert one["afterwards"].startswith("allowed")


def test_a_policy_of_a_resource_names_the_role_behind_a_session(tmp_path: Path) -> None:
    why = "because no resource-based policy allows the"
    _, one = explained(tmp_path, "-m", sentence(ROLE, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q", why))
    assert one["statement"]["Principal"] == {"AWS": "arn:aws:iam::111122223333:role/orders-dev-eu-west-1-lambdaRole"}


def test_a_deny_is_limited_and_nothing_is_added(tmp_path: Path) -> None:
    why = "with an explicit deny in an identity-based policy"
    code, one = explained(
        tmp_path, "-m", sentence(ROLE, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q", why)
    )
    assert code == 1 and one["statement"] is None
    assert any("limit that statement" in note for note in one["notes"])


def test_what_no_policy_can_allow_is_said(tmp_path: Path) -> None:
    for action, resource in (
        ("iam:DeletePolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        ("iam:PassRole", "arn:aws:iam::444455556666:role/app"),
        ("kms:CreateAlias", "arn:aws:kms:eu-west-1:111122223333:alias/aws/x"),
    ):
        code, one = explained(tmp_path, "-m", sentence(ROLE, action, resource))
        assert code == 1 and one["neverAllowed"]["source"].startswith("https://docs.aws.amazon.com/")


def test_a_key_needs_its_own_policy_too(tmp_path: Path) -> None:
    key = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    _, one = explained(tmp_path, "-m", sentence(ROLE, "kms:Decrypt", key))
    assert one["afterwards"] == "allowed only if the key policy allows it too"


def test_an_operation_becomes_its_action(tmp_path: Path) -> None:
    message = "An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied"
    _, one = explained(tmp_path, "-m", message)
    assert one["action"] == "s3:ListBucket"


def test_a_file_is_read_and_text_without_a_denial_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "error.txt").write_text(sentence(ROLE, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q"))
    assert run("--from", "error.txt", cwd=tmp_path, command="denied").returncode == 0
    done = run("-m", "all is well", cwd=tmp_path, command="denied")
    assert done.returncode == 2 and done.stderr.startswith("scopedown: the text has no denial")
