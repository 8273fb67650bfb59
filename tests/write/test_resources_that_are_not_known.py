"""A statement on a resource that only the deployment knows keeps the actions that something may need, and no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import run

SERVERLESS = """\
service: shop
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
        - Effect: Allow
          Action:
            - s3:PutObject
            - s3:DeleteObject
          Resource: arn:aws:s3:::${env:NOT_SET_HERE}/*
        - Effect: Allow
          Action: [sqs:SendMessage]
          Resource: arn:aws:sqs:eu-west-1:123456789012:${env:NOT_SET_HERE}
functions:
  save: {handler: app.save}
"""
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Parameters: {Bucket: {Type: String}}
Resources:
  Save:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.save
      CodeUri: .
      Policies:
        - Statement:
            - Effect: Allow
              Action:
                - s3:PutObject
                - s3:DeleteObject
              Resource: !Sub arn:aws:s3:::${Missing}/*
            - Effect: Allow
              Action: [sqs:SendMessage]
              Resource: !ImportValue jobs
"""
SHARED = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Save:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: app.save, CodeUri: ., Role: !GetAtt Role.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
  Operator: {Type: AWS::IAM::User}
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Ref Role]
      Users: [!Ref Operator]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: [s3:PutObject, s3:DeleteObject]
            Resource: !ImportValue bucket
"""
CODE = """\
import boto3, os

def save(event, context):
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key="a")
"""
UNSEEN = CODE + "    import lost_and_found\n    lost_and_found.run()\n"
FILES = {"serverless.yml": SERVERLESS, "template.yaml": TEMPLATE}


def project(folder: Path, name: str, code: str = CODE) -> Path:
    (folder / name).write_text(FILES[name])
    (folder / "app.py").write_text(code)
    return folder / name


def written(folder: Path, name: str, code: str = CODE, *options: str) -> str:
    file = project(folder, name, code)
    ran = run("--yes", "--no-cache", *options, command="write", cwd=folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return file.read_text()


@pytest.mark.parametrize("name", FILES)
def test_what_nothing_needs_goes(tmp_path: Path, name: str) -> None:
    text = written(tmp_path, name)
    assert "s3:PutObject" in text
    assert "s3:DeleteObject" not in text
    if name == "serverless.yml":
        assert "sqs:SendMessage" not in text


def test_what_nothing_needs_goes_from_a_shared_role(tmp_path: Path) -> None:
    text = written(tmp_path, "serverless.yml", CODE, "--shared")
    assert "s3:PutObject" in text and "s3:::${env:NOT_SET_HERE}/*" in text
    assert "s3:DeleteObject" not in text and "sqs:SendMessage" not in text


@pytest.mark.parametrize("name", FILES)
def test_what_code_that_was_not_seen_may_need_stays(tmp_path: Path, name: str) -> None:
    text = written(tmp_path, name, UNSEEN)
    assert "s3:DeleteObject" in text and "sqs:SendMessage" in text


def test_a_policy_that_a_user_has_too_stays(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "template.yaml").write_text(SHARED)
    run("--yes", "--no-cache", command="write", cwd=tmp_path)
    assert "s3:DeleteObject" in (tmp_path / "template.yaml").read_text()


def test_a_list_of_actions_that_an_alias_repeats_stops_nothing(tmp_path: Path) -> None:
    actions = "Action:\n            - s3:PutObject\n            - s3:DeleteObject\n"
    anchored = "Action: &all [s3:PutObject, s3:DeleteObject]\n"
    more = "        - {Effect: Allow, Action: *all, Resource: 'arn:aws:s3:::logs/*'}\nfunctions:"
    (tmp_path / "app.py").write_text(CODE)
    text = SERVERLESS.replace(actions, anchored).replace("functions:", more)
    (tmp_path / "serverless.yml").write_text(text)
    ran = run("--yes", "--no-cache", command="write", cwd=tmp_path)
    assert ran.returncode in (0, 1) and "internal error" not in ran.stderr
    assert "sqs:SendMessage" not in (tmp_path / "serverless.yml").read_text()


@pytest.mark.parametrize("name", FILES)
def test_check_reports_what_nothing_needs_and_fixes_it(tmp_path: Path, name: str) -> None:
    file = project(tmp_path, name)
    ran = run("--no-cache", "--format", "json", command="check", cwd=tmp_path)
    unused = [one["about"] for one in json.loads(ran.stdout)["problems"] if one["rule"] == "SD201"]
    assert any(about.startswith("s3:DeleteObject on") for about in unused)
    assert not any("s3:PutObject" in about for about in unused)
    run("--fix", "--yes", "--no-cache", command="check", cwd=tmp_path)
    assert "s3:PutObject" in file.read_text()
    assert "s3:DeleteObject" not in file.read_text()
