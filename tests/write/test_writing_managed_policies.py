"""``scopedown write --as managed``: a role's statements in managed policies, and the limits that lead there."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run
from scopedown.project.load import Options, load_project
from scopedown.project.model import Project

BOUNDARY = "arn:aws:iam::111122223333:policy/edge"
SERVICE = """\
service: s
provider:
  name: aws
  runtime: python3.12
  iam: {role: {statements: [{Effect: Allow, Action: 'sqs:*', Resource: '*'}]}}
functions:
  f: {handler: app.f}
"""
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.f
      Runtime: python3.12
      Policies:
        - AWSXRayDaemonWriteAccess
        - Statement: [{Effect: Allow, Action: 'sqs:*', Resource: '*'}]
"""
ROLE = """\
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]
      Policies:
        - PolicyName: mine
          PolicyDocument: {Statement: [{Effect: Allow, Action: ['sqs:*', 'logs:*'], Resource: '*'}]}
  F:
    Type: AWS::Lambda::Function
    Properties: {Code: ., Handler: app.f, Runtime: python3.12, Role: !GetAtt R.Arn}
"""


def code(queues: int) -> str:
    """A function that calls many queues, each by its own ARN."""
    name = "a-queue-with-a-rather-long-name-of-its-own"
    calls = "".join(
        f'    sqs.send_message(QueueUrl="https://sqs.us-east-1.amazonaws.com/111122223333/{name}-{number}", '
        'MessageBody="")\n'
        for number in range(queues)
    )
    return f'import boto3\nsqs = boto3.client("sqs")\ndef f(event, context):\n{calls}'


def policies(project: Project) -> list[str]:
    return [id for id, one in project.resources.items() if one.type == "AWS::IAM::ManagedPolicy"]


def wrote(folder: Path, name: str, text: str, *options: str) -> Project:
    """The project after a write, of which a second one changes nothing, in either form."""
    (folder / name).write_text(text)
    ran = run("--yes", *options, command="write", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    for again in (options, ()):
        second = run("--diff", *again, command="write", cwd=folder)
        assert second.stdout == "", second.stdout
    return load_project(folder / name, Options())


@pytest.mark.parametrize(
    ("name", "text"), [("serverless.yml", SERVICE), ("template.yaml", TEMPLATE), ("template.yaml", ROLE)]
)
def test_the_statements_are_in_a_managed_policy_that_the_role_names(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "app.py").write_text(code(1))
    project = wrote(tmp_path, name, text, "--as", "managed")
    (policy,) = policies(project)
    assert policy == f"{project.functions[0].role}ManagedPolicy1"
    role = project.roles[project.functions[0].role]
    assert policy in str(role.managed_policies) and "sqs:*" not in (tmp_path / name).read_text()
    assert "sqs:SendMessage" in str(project.resources[policy].properties)
    own = [one for one in role.statements if one.added_by == "project"]
    assert any("sqs:SendMessage" in str(one.statement) for one in own)


def test_what_is_no_longer_needed_goes_and_an_empty_policy_goes_whole(tmp_path: Path) -> None:
    for name, text in (("serverless.yml", SERVICE), ("template.yaml", ROLE)):
        folder = tmp_path / name.partition(".")[0]
        folder.mkdir()
        (folder / "app.py").write_text(code(1))
        wrote(folder, name, text, "--as", "managed")
        (folder / "app.py").write_text(code(1).replace("sqs.send_message", "sqs.purge_queue").replace(
            ', MessageBody=""', ""
        ))  # fmt: skip
        project = wrote(folder, name, (folder / name).read_text(), "--as", "managed")
        assert "sqs:PurgeQueue" in str(project.resources) and "sqs:SendMessage" not in str(project.resources)


def test_statements_that_are_too_long_are_spread_over_several(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(code(180))
    (tmp_path / "serverless.yml").write_text(SERVICE)
    refused = run("--yes", command="write", cwd=tmp_path)
    assert (tmp_path / "serverless.yml").read_text() == SERVICE and refused.returncode == 1
    assert "characters, and IAM allows 10240 for one role" in refused.stderr and "--as managed" in refused.stderr
    project = wrote(tmp_path, "serverless.yml", SERVICE, "--as", "managed")
    assert len(policies(project)) > 2
    assert run(command="check", cwd=tmp_path).returncode == 0


def test_more_than_ten_policies_are_written_and_told(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(code(600))
    (tmp_path / "serverless.yml").write_text(SERVICE)
    told = run("--diff", "--as", "managed", command="write", cwd=tmp_path).stderr
    assert "unless the account's quota is raised" in told


def test_the_boundary_is_of_the_roles_that_are_made(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(code(1))
    project = wrote(tmp_path, "serverless.yml", SERVICE, "--boundary", BOUNDARY)
    assert str(project.roles["FRole"].permissions_boundary) == BOUNDARY
    assert project.roles["FRole"].managed_policies == ()


@pytest.mark.parametrize("options", [["--dialect", "plugin"], ["--dialect", "v4"], ["--shared"]])
@pytest.mark.parametrize("asked", [["--as", "managed"], ["--boundary", BOUNDARY]])
def test_a_dialect_without_a_place_for_it_is_refused(tmp_path: Path, options: list[str], asked: list[str]) -> None:
    (tmp_path / "app.py").write_text(code(1))
    (tmp_path / "serverless.yml").write_text(SERVICE)
    ran = run("--yes", *options, *asked, command="write", cwd=tmp_path)
    assert ran.returncode == 2 and "--dialect inline" in ran.stderr, ran.stderr
    assert (tmp_path / "serverless.yml").read_text() == SERVICE


def test_a_boundary_is_the_arn_of_a_policy(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(SERVICE)
    ran = run("--yes", "--boundary", "edge", command="write", cwd=tmp_path)
    assert ran.returncode == 2 and "is not the ARN of a managed policy" in ran.stderr
