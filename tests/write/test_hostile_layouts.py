"""Whatever a file looks like: it is written and means the same elsewhere, or it is left alone and told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from command_line import run
from scopedown.catalog.load import catalog
from scopedown.project.load import Options, load_project
from scopedown.project.model import Project
from scopedown.scan import scan
from scopedown.write.serverless import plan

CODE = """\
import boto3
table = boto3.resource("dynamodb").Table("notes")
def put(event, context):
    table.put_item(Item=event)
def read(event, context):
    return table.get_item(Key=event)
"""
PLAIN = """\
service: notes
provider:
  name: aws
  runtime: python3.12
functions:
  put:
    handler: app.put
  read:
    handler: app.read
"""
FLOW = (
    "{service: notes, provider: {name: aws, runtime: python3.12, iam: {role: {statements: [{Effect: Allow, "
    "Action: '*', Resource: '*'}]}}},\n functions: {put: {handler: app.put}, read: {handler: app.read}}}\n"
)
HEAD = PLAIN.split("functions:")[0]
ANCHOR = HEAD + "functions:\n  put: &base\n    handler: app.put\n  read:\n    <<: *base\n    handler: app.read\n"
ALIAS = HEAD + "functions:\n  put: &same\n    handler: app.put\n  read: *same\n"
MERGED = HEAD + (
    "custom:\n  base: &base {memorySize: 128}\nfunctions:\n  put:\n    <<: *base\n    handler: app.put\n"
    "  read: {<<: *base, handler: app.read}\n"
)
STATEMENTS = HEAD + (
    "  iam:\n    role:\n      statements: &all\n        - {Effect: Allow, Action: '*', Resource: '*'}\n"
    "custom:\n  again: *all\nfunctions:\n  put:\n    handler: app.put\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(CODE)
    return tmp_path


def actions(folder: Path, function: str) -> set[str]:
    project = load_project(folder, Options())
    role = project.roles[next(one.role for one in project.functions if one.key == function)]
    listed: Any = [one.statement["Action"] for one in role.statements]
    return {action for one in listed for action in ([one] if isinstance(one, str) else one) if "dynamodb" in action}


class Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's tags, whose values do not matter here."""


Loader.add_multi_constructor("!", lambda loader, suffix, node: suffix)


def elsewhere(text: str) -> Any:
    """What a file says beside roles and their statements."""
    tree = yaml.load(text, Loader)
    tree.pop("resources", None)
    tree["provider"].pop("iam", None)
    for one in tree["functions"].values():
        one.pop("role", None)
    return tree


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        PLAIN.rstrip("\n"),
        PLAIN.replace("\n", "\r\n"),
        "\ufeff" + PLAIN,
        PLAIN.replace("app.put\n", "app.put\t# a tab\t\n"),
        PLAIN + "\n\n# the end",
        PLAIN + "resources:\n",
        PLAIN + "resources: {}\n",
        PLAIN + "resources:\n  Resources: {}\n",
        PLAIN + "resources:\n  - Resources:\n      T: {Type: AWS::SNS::Topic}\n",
        "---\n" + PLAIN + "...\n",
        '"service": "notes"\n' + PLAIN.split("\n", 1)[1],
        FLOW,
        MERGED,
    ],
)
def test_it_is_written_and_nothing_else_changes(folder: Path, text: str) -> None:
    file = folder / "serverless.yml"
    file.write_bytes(text.encode())
    ran = run("--yes", command="write", cwd=folder)
    after = file.read_bytes().decode()
    assert actions(folder, "put") == {"dynamodb:PutItem"}, ran.stderr
    assert elsewhere(after.lstrip("\ufeff")) == elsewhere(text.lstrip("\ufeff"))
    assert after.startswith("\ufeff") == text.startswith("\ufeff")
    assert ("\r\n" in text) == ("\r\n" in after) and after.count("\r\n") in (0, after.count("\n"))
    assert "nothing to change" in run("--yes", command="write", cwd=folder).stderr


@pytest.mark.parametrize("text", [ANCHOR, ALIAS])
def test_a_place_that_an_alias_repeats_is_left_alone_and_told(folder: Path, text: str) -> None:
    (folder / "serverless.yml").write_text(text)
    ran = run("--yes", command="write", cwd=folder)
    assert ran.returncode == 1 and "by an alias" in ran.stderr and "by hand" in ran.stderr
    after = (folder / "serverless.yml").read_text()
    assert "    handler: app.put\n" in after and after.count("PutRole") == 0


def test_shared_statements_that_an_alias_repeats_stay_and_the_rest_is_written(folder: Path) -> None:
    (folder / "serverless.yml").write_text(STATEMENTS)
    ran = run("--yes", command="write", cwd=folder)
    assert ran.returncode == 1 and "by an alias" in ran.stderr and "by hand" in ran.stderr
    after = (folder / "serverless.yml").read_text()
    assert after.startswith(STATEMENTS) and "    role: PutRole\n" in after
    assert actions(folder, "put") == {"dynamodb:PutItem"}


def test_many_functions_are_written_with_a_few_readings(folder: Path) -> None:
    number = 40
    code = "import boto3\nt = boto3.resource('dynamodb').Table('notes')\n"
    code += "".join(f"def f{one}(e, c):\n    t.put_item(Item=e)\n" for one in range(number))
    (folder / "app.py").write_text(code)
    tags = "    tags:\n" + "".join(f"      tag{one}: value\n" for one in range(38))
    functions = "".join(f"  f{one}:\n    handler: app.f{one}\n{tags}" for one in range(number))
    file = folder / "serverless.yml"
    file.write_text(HEAD + "functions:\n" + functions)
    readings: list[Project] = []

    def read(texts: Mapping[Path, str]) -> Project:
        readings.append(load_project(file, Options(), texts))
        return readings[-1]

    made = plan(scan(load_project(file, Options()), catalog()), read)
    assert len(made.roles) == number and len(made.changes) == 1 and not made.findings
    assert len(readings) < 10  # and not one for each change


SHARED = """\
  iam:
    role:
      statements:   # the roles'
        # everything
        - Effect: Allow
          Action: '*'
          Resource: '*'
        # queues
        - {Effect: Allow, Action: 'sqs:*', Resource: '*'}
        # the end
"""


def test_comments_of_a_list_that_is_empty_now_go_with_its_items(folder: Path) -> None:
    (folder / "serverless.yml").write_text(PLAIN.replace("functions:", SHARED + "# mine\nfunctions:"))
    assert run("--yes", command="write", cwd=folder).returncode == 0
    text = (folder / "serverless.yml").read_text()
    assert "      statements: []   # the roles'\n# mine\nfunctions:\n" in text


def test_an_alias_among_the_shared_statements_is_left_and_told_and_the_rest_is_written(folder: Path) -> None:
    text = PLAIN.replace("functions:", SHARED.replace("        # queues\n", "        - *common\n") + "functions:")
    text = "custom:\n  common: &common {Effect: Allow, Action: 's3:*', Resource: '*'}\n" + text
    (folder / "serverless.yml").write_text(text)
    ran = run("--yes", command="write", cwd=folder)
    assert ran.returncode == 1 and "serverless.yml:14:11" in ran.stderr and "by hand" in ran.stderr
    after = (folder / "serverless.yml").read_text()
    assert "        - *common\n" in after and "sqs:*" not in after
    assert actions(folder, "put") == {"dynamodb:PutItem"} and actions(folder, "read") == {"dynamodb:GetItem"}


def test_shared_statements_below_the_functions_go_too(folder: Path) -> None:
    provider, functions = PLAIN.split("functions:")
    (folder / "serverless.yml").write_text("functions:" + functions + provider + SHARED)
    assert run("--yes", command="write", cwd=folder).returncode == 0
    assert "statements: []" in (folder / "serverless.yml").read_text()
    assert actions(folder, "put") == {"dynamodb:PutItem"}


TEMPLATE = """\
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
  G:
    Type: AWS::Lambda::Function
    Properties: {Handler: app.put, Runtime: python3.12, Code: ., Role: !GetAtt R.Arn}
  F:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.put
      Runtime: python3.12
      Role: !GetAtt R.Arn
      Code:
        ZipFile: |
          import boto3
          def put(event, context):
              boto3.client('sns').publish(TopicArn='arn:aws:sns:us-east-1:1:t', Message='m')"""


def test_code_that_ends_a_template_without_a_newline_stays(folder: Path) -> None:
    file = folder / "template.yaml"
    file.write_text(TEMPLATE)
    ran = run("--yes", command="write", cwd=folder)
    assert "scopedown: wrote template.yaml" in ran.stderr, ran.stderr
    assert TEMPLATE.partition("        ZipFile: |")[2] in file.read_text()
    assert "nothing to change" in run("--yes", command="write", cwd=folder).stderr
