"""A project file that is a program (serverless.ts) is not changed: what a person pastes is printed, with where."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run

CODE = """\
import boto3
table = boto3.resource("dynamodb").Table("notes")
def put(event, context):
    table.put_item(Item=event)
def read(event, context):
    return table.get_item(Key=event)
def idle(event, context):
    return 1
"""
PROJECT = """\
const config = {
  service: 'notes',
  provider: { name: 'aws', runtime: 'python3.12', iam: { role: {
    managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess', 'arn:aws:iam::123456789012:policy/own'],
    statements: [
      { Effect: 'Allow', Action: ['dynamodb:*'], Resource: '*' },
      { Effect: 'Deny', Action: ['dynamodb:DeleteItem'], Resource: '*' },
    ] } } },
  functions: {
    put: { handler: 'app.put' },
    read: { handler: 'app.read' },
    idle: { handler: 'app.idle', disableLogs: true },
  },
};
module.exports = config;
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "serverless.ts").write_text(PROJECT)
    return tmp_path


def printed(folder: Path, *options: str) -> str:
    ran = run(*options, command="write", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    assert (folder / "serverless.ts").read_text() == PROJECT
    return ran.stdout


def test_what_becomes_of_the_shared_roles_statements_and_policies_is_told(folder: Path) -> None:
    text = printed(folder)
    assert "// serverless.ts:6:7: remove this statement from the shared role\n" in text
    assert "// serverless.ts:7:7: copy this statement to the roles that need it: it is not an Allow" in text
    assert ": the policy arn:aws:iam::aws:policy/AdministratorAccess can be removed\n" in text
    assert ": the policy arn:aws:iam::123456789012:policy/own is kept: scopedown does not know what it allows\n" in text
    roles = text.split("resources.Resources")[1].split("remove this")[0]
    assert roles.count('"arn:aws:iam::123456789012:policy/own"') == 3 and "AdministratorAccess" not in roles


def test_a_role_without_a_need_has_no_policy(folder: Path) -> None:
    role = printed(folder).split("IdleRole: {")[1].split("\n},")[0]
    assert "AssumeRolePolicyDocument" in role and "Policies" not in role and 'Statement": []' not in role


def test_with_shared_one_list_is_printed_for_all_functions(folder: Path) -> None:
    text = printed(folder, "--shared")
    assert "// serverless.ts: in provider.iam.role, replacing the statements to remove\nstatements: [" in text
    assert '"dynamodb:GetItem",\n      "dynamodb:PutItem"' in text and "PutRole" not in text
    assert "// serverless.ts:7:7: keep this statement: it is not an Allow statement\n" in text


def test_with_shared_a_role_that_other_functions_assume_is_left_alone(folder: Path) -> None:
    text = printed(folder, "--shared", "--function", "put")
    assert "IamRoleLambdaExecution was not changed: read, idle also assume it" in text and "statements:" not in text


def test_while_other_functions_share_the_role_its_statements_are_not_told(folder: Path) -> None:
    assert "remove this statement" not in printed(folder, "--function", "put")


def test_the_chosen_dialect_is_printed(folder: Path) -> None:
    assert "\niamRoleStatements: [" in printed(folder, "--dialect", "plugin")
