"""``scopedown write`` brings the policies of SAM and CloudFormation templates to what their functions need."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command_line import run
from scopedown.project.load import Options, load_project

CODE = """\
import os
import boto3
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
def put(event, context):
    table.put_item(Item=event)
"""
SAM = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31   # SAM
Resources:
  Table:
    Type: AWS::Serverless::SimpleTable
  Put:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.put
      Runtime: python3.12
      CodeUri: .
      Environment: {Variables: {TABLE: !Ref Table}}
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(CODE)
    return tmp_path


def written(folder: Path, text: str, name: str = "template.yaml") -> str:
    (folder / name).write_text(text)
    ran = run("--yes", name, command="write", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    first = (folder / name).read_text()
    assert "nothing to change" in run("--yes", name, command="write", cwd=folder).stderr
    return first


def allowed(folder: Path, role: str, name: str = "template.yaml") -> set[str]:
    found: set[str] = set()
    for one in load_project(folder / name, Options()).roles[role].statements:
        listed: Any = one.statement["Action"]
        found.update([listed] if isinstance(listed, str) else listed)
    return found


def test_a_function_without_policies_gets_its_own(folder: Path) -> None:
    assert written(folder, SAM).startswith(SAM + "      Policies:\n")
    assert allowed(folder, "PutRole") == {"dynamodb:PutItem"}


@pytest.mark.parametrize(
    "policies",
    [
        "AmazonDynamoDBFullAccess",
        "\n        - AmazonDynamoDBFullAccess\n        - AWSLambdaExecute",
        "\n        # templates\n        - DynamoDBCrudPolicy:\n            TableName: !Ref Table",
        "\n        Statement:\n          - {Effect: Allow, Action: 'dynamodb:*', Resource: '*'}",
        "\n        - Statement:\n            Effect: Allow\n            Action: 's3:*'\n            Resource: '*'",
        " [{Statement: [{Effect: Allow, Action: 's3:*', Resource: '*'}]}]",
        "\n        - DynamoDBCrudPolicy: {TableName: !Ref Table}\n        - Version: '2012-10-17'\n"
        "          Statement:\n"
        "          - {Effect: Allow, Action: 's3:*', Resource: '*'}",
    ],
)
def test_what_can_be_judged_makes_place_for_what_is_needed(folder: Path, policies: str) -> None:
    text = written(folder, f"{SAM}      Policies: {policies.lstrip(' ')}\n      Timeout: 3\n")
    assert allowed(folder, "PutRole") == {"dynamodb:PutItem"}
    assert text.startswith(SAM) and text.endswith("      Timeout: 3\n")
    assert ("# templates" in text) == ("# templates" in policies)


def test_what_cannot_be_judged_stays_and_is_told(folder: Path) -> None:
    policies = (
        "      Policies:\n        - arn:aws:iam::123456789012:policy/ours\n        - Statement:\n"
        "            - {Effect: Deny, Action: 's3:DeleteObject', Resource: '*'}\n"
    )
    text = written(folder, SAM + policies)
    assert text.startswith(SAM + policies)
    told = run("--diff", command="write", cwd=folder).stderr
    assert "kept the policy arn:aws:iam::123456789012:policy/ours" in told and "it is not an Allow statement" in told


def test_a_role_of_the_template_is_edited_where_it_stands(folder: Path) -> None:
    template = {
        "Resources": {
            "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {}},
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": TRUST,
                    "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
                },
            },
            "Put": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Handler": "app.put",
                    "Runtime": "python3.12",
                    "Code": ".",
                    "Environment": {"Variables": {"TABLE": {"Ref": "Table"}}},
                    "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                },
            },
        }
    }
    text = json.dumps(template, indent=1)
    after = json.loads(written(folder, text, "template.json"))
    role = after["Resources"].pop("Role")
    assert "ManagedPolicyArns" not in role["Properties"]
    assert {one for one in allowed(folder, "Role", "template.json") if one.startswith("dynamodb")} == {
        "dynamodb:PutItem"
    }
    template["Resources"].pop("Role")
    assert after == template


def test_a_role_that_other_services_assume_is_left_alone(folder: Path) -> None:
    trust = json.dumps(TRUST).replace('"lambda.amazonaws.com"', '["lambda.amazonaws.com", "states.amazonaws.com"]')
    role = f"      Role: !GetAtt Mine.Arn\n  Mine:\n    Type: AWS::IAM::Role\n    Properties:\n      Assume: {trust}\n"
    text = SAM + role.replace("Assume:", "AssumeRolePolicyDocument:")
    assert written(folder, text) == text
    assert "states.amazonaws.com may also assume it" in run("--diff", command="write", cwd=folder).stderr


def test_a_json_project_of_the_framework_is_written_in_its_own_layout(folder: Path) -> None:
    config = {
        "service": "notes",
        "provider": {"name": "aws", "runtime": "python3.12", "environment": {"TABLE": "notes"}},
        "functions": {"put": {"handler": "app.put"}},
    }
    text = written(folder, json.dumps(config, indent=4), "serverless.json")
    after = json.loads(text)
    assert after["functions"]["put"].pop("role") == "PutRole" and after.pop("resources")
    assert after == config and '\n    "service": "notes",\n' in text


def test_a_template_below_the_folder_of_its_code_is_written_there(folder: Path) -> None:
    (folder / "infrastructure").mkdir()
    text = SAM.replace("CodeUri: .", "CodeUri: ../")
    assert written(folder, text, "infrastructure/template.yaml").startswith(text + "      Policies:\n")
    assert allowed(folder, "PutRole", "infrastructure/template.yaml") == {"dynamodb:PutItem"}


def test_a_policy_template_that_stays_for_code_that_was_not_read_says_so(folder: Path) -> None:
    (folder / "app.py").write_text(
        "import lib_of_ours\n" + CODE.replace("    table.", "    lib_of_ours.go()\n    table.")
    )
    (folder / "template.yaml").write_text(f"{SAM}      Policies:\n        - S3ReadPolicy: {{BucketName: b}}\n")
    ran = run("--diff", command="write", cwd=folder)
    (kept,) = [line for line in ran.stderr.splitlines() if line.startswith("kept: ")]
    assert "scopedown did not find lib_of_ours" in kept and "does not know" not in kept
