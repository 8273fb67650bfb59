"""``scopedown write`` gives functions of a template that share a role a role each, or one union with ``--shared``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from command_line import run
from scopedown.project.load import Options, load_project

CODE = """\
import os
import boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
def put(event, context):
    table.put_item(Item=event)
def read(event, context):
    return table.get_item(Key=event)
"""
TABLE = """\
AWSTemplateFormatVersion: '2010-09-09'
Resources:
  # the table
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {}
"""
ROLE = """\
  Shared:   # for both
    Type: AWS::IAM::Role
    Properties:
      RoleName: one
      Path: /ours/
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Service: lambda.amazonaws.com}
            Action: sts:AssumeRole
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess
        - !Sub arn:aws:iam::${AWS::AccountId}:policy/ours
      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: 'dynamodb:*', Resource: '*'}
              - {Effect: Deny, Action: 'dynamodb:DeleteTable', Resource: '*'}
"""
FUNCTIONS = """\
  # writes
  Put:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.put
      Runtime: python3.12
      Role: !GetAtt Shared.Arn   # its role
      Code: .
      Environment: {Variables: {TABLE: !Ref Table}}
  Read:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.read
      Runtime: python3.12
      Code: .
      Role: {Fn::GetAtt: [Shared, Arn]}
      Environment: {Variables: {TABLE: !Ref Table}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(CODE)
    return tmp_path


def written(folder: Path, text: str, *options: str) -> str:
    file = folder / "template.yaml"
    file.write_text(text)
    ran = run("--yes", *options, command="write", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    first = file.read_text()
    assert "nothing to change" in run("--yes", *options, command="write", cwd=folder).stderr
    return first


def allowed(folder: Path) -> dict[str, set[str]]:
    """What each function's role allows of DynamoDB, by the function."""
    project = load_project(folder, Options())
    found: dict[str, set[str]] = {}
    for function in project.functions:
        names = found.setdefault(function.key, set())
        for one in project.roles[function.role].statements:
            if one.statement["Effect"] == "Allow":
                listed: Any = one.statement["Action"]
                names.update(name for name in ([listed] if isinstance(listed, str) else listed) if "dynamodb" in name)
    return found


def test_each_function_gets_a_role_of_its_own_and_the_shared_one_goes(folder: Path) -> None:
    text = written(folder, TABLE + ROLE + FUNCTIONS)
    assert allowed(folder) == {"Put": {"dynamodb:PutItem"}, "Read": {"dynamodb:GetItem"}}
    assert "Shared" not in text and text.startswith(TABLE + FUNCTIONS.partition("      Role:")[0])
    assert "      Role: !GetAtt PutRole.Arn   # its role\n" in text
    assert "      Role: !GetAtt ReadRole.Arn\n" in text


def test_a_new_role_is_what_the_shared_one_was_without_its_name(folder: Path) -> None:
    written(folder, TABLE + ROLE + FUNCTIONS)
    role = load_project(folder, Options()).roles["ReadRole"]
    assert role.properties["Path"] == "/ours/" and "RoleName" not in role.properties
    assert "policy/ours" in str(role.managed_policies) and "FullAccess" not in str(role.managed_policies)
    assert [one.statement["Action"] for one in role.statements if one.statement["Effect"] == "Deny"] == [
        "dynamodb:DeleteTable"
    ]


def test_a_shared_role_that_something_else_names_stays_and_is_told(folder: Path) -> None:
    output = "Outputs:\n  Role:\n    Value: !Ref Shared\n"
    text = written(folder, TABLE + ROLE + FUNCTIONS + output)
    assert text.startswith(TABLE + ROLE) and text.endswith(output)
    assert allowed(folder)["Put"] == {"dynamodb:PutItem"}


def test_the_others_keep_the_role_where_one_function_is_asked_for(folder: Path) -> None:
    text = written(folder, TABLE + ROLE + FUNCTIONS, "--function", "Put")
    assert text.startswith(TABLE + ROLE) and "Role: {Fn::GetAtt: [Shared, Arn]}" in text
    assert allowed(folder)["Put"] == {"dynamodb:PutItem"} and "dynamodb:*" in allowed(folder)["Read"]


def test_with_shared_the_role_has_what_both_need(folder: Path) -> None:
    text = written(folder, TABLE + ROLE + FUNCTIONS, "--shared")
    assert text.endswith(FUNCTIONS) and yaml.safe_load(text.replace("!", ""))["Resources"].keys() == {
        "Table", "Shared", "Put", "Read",
    }  # fmt: skip
    assert allowed(folder)["Put"] == {"dynamodb:PutItem", "dynamodb:GetItem"} == allowed(folder)["Read"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (
            "  More:\n    Type: AWS::IAM::Policy\n    Properties:\n      PolicyName: more\n      Roles: [!Ref Shared]\n"
            "      PolicyDocument:\n        Statement: {Effect: Deny, Action: 's3:*', Resource: '*'}\n",
            "is still shared by Put, Read: More attaches a policy to it",
        ),
        ("", "was not changed: states.amazonaws.com may also assume it"),
    ],
)
def test_a_role_of_which_a_copy_would_not_be_the_same_stays_shared_and_is_told(
    folder: Path, more: str, why: str
) -> None:
    role = ROLE if more else ROLE.replace("lambda.amazonaws.com", "[lambda.amazonaws.com, states.amazonaws.com]")
    (folder / "template.yaml").write_text(TABLE + role + FUNCTIONS + more)
    ran = run("--diff", command="write", cwd=folder)
    assert ran.returncode == 0 and f"Shared {why}" in ran.stderr
    assert "+  PutRole:" not in ran.stdout


def test_functions_of_sam_that_name_one_role_are_given_roles_too(folder: Path) -> None:
    sam = "Transform: AWS::Serverless-2016-10-31\n" + TABLE + ROLE + FUNCTIONS
    sam = sam.replace("AWS::Lambda::Function", "AWS::Serverless::Function").replace("Code: .", "CodeUri: .")
    written(folder, sam)
    assert allowed(folder) == {"Put": {"dynamodb:PutItem"}, "Read": {"dynamodb:GetItem"}}
