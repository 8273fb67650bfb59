"""``scopedown write`` takes no right away that a call which it could not resolve may use, and says which."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from command_line import run
from scopedown.catalog.load import catalog
from scopedown.project.load import Options, load_project
from scopedown.scan import scan
from scopedown.write import serverless, templates
from scopedown.write.model import WritePlan

CODE = """\
import boto3
table = boto3.resource("dynamodb").Table("notes")
def put(event, context):
    table.put_item(Item=event)
    event["queue"].purge_queue(QueueUrl="https://sqs/1/jobs")
def read(event, context):
    return table.get_item(Key=event)
"""
STATEMENTS = """\
        - Effect: Allow
          Action: dynamodb:*
          Resource: '*'
        - Effect: Allow   # for the queue
          Action: [sqs:PurgeQueue, 'sqs:Get*']
          Resource: !Sub arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:jobs-${sls:stage}
        - Effect: Allow
          Action: s3:*
          Resource: '*'
"""
SERVICE = f"""\
service: notes
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
{STATEMENTS}functions:
  put: {{handler: app.put}}
  read: {{handler: app.read}}
"""
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Put:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.put
      Runtime: python3.12
      CodeUri: .
      Policies:
        - AmazonSQSFullAccess
        - AmazonS3FullAccess
        - Statement:
            - {Effect: Allow, Action: 'sqs:*', Resource: '*'}
            - {Effect: Allow, Action: 's3:*', Resource: '*'}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(CODE)
    return tmp_path


def planned(folder: Path, name: str, shared: bool = False) -> WritePlan:
    """What would be written for a project file, which then is."""

    def read(texts: Mapping[Path, str]) -> Any:
        return load_project(folder / name, Options(), texts)

    found = scan(load_project(folder / name, Options()), catalog())
    plan = serverless.plan(found, read, None, shared) if "serverless" in name else templates.plan(found, read, shared)
    for one in plan.changes:
        one.path.write_bytes(one.after)
    return plan


def actions(folder: Path, name: str, function: str) -> set[str]:
    project = load_project(folder / name, Options(stage="prod"))
    role = project.roles[next(one.role for one in project.functions if one.key == function)]
    listed: list[Any] = [one.statement["Action"] for one in role.statements if one.added_by == "project"]
    every = {action for one in listed for action in ([one] if isinstance(one, str) else one)}
    return {one for one in every if not one.startswith("logs:")}


def test_a_function_takes_the_statements_along_that_an_unresolved_call_may_need(folder: Path) -> None:
    (folder / "serverless.yml").write_text(SERVICE)
    plan = planned(folder, "serverless.yml")
    assert actions(folder, "serverless.yml", "put") == {"dynamodb:PutItem", "sqs:PurgeQueue", "sqs:Get*"}
    assert actions(folder, "serverless.yml", "read") == {"dynamodb:GetItem"}
    (kept,) = next(one.kept for one in plan.roles if one.id == "PutRole")
    assert (
        kept.reason.startswith("sqs.PurgeQueue at app.py:5:20 may need it")
        and str(kept.place) == "serverless.yml:11:11"
    )
    assert planned(folder, "serverless.yml").changes == ()


def test_it_is_taken_along_as_it_is_written_variables_and_all(folder: Path) -> None:
    (folder / "serverless.yml").write_text(SERVICE)
    planned(folder, "serverless.yml")
    assert "jobs-${sls:stage}" in (folder / "serverless.yml").read_text().partition("resources:")[2]


def test_a_shared_role_keeps_what_an_unresolved_call_may_need(folder: Path) -> None:
    (folder / "serverless.yml").write_text(SERVICE)
    planned(folder, "serverless.yml", shared=True)
    text = (folder / "serverless.yml").read_text()
    assert "        - Effect: Allow   # for the queue\n          Action: [sqs:PurgeQueue, 'sqs:Get*']\n" in text
    assert "s3:*" not in text and "dynamodb:*" not in text


def test_what_is_not_judged_is_in_every_role_of_those_that_leave_the_shared_one(folder: Path) -> None:
    deny = "        - Effect: Deny\n          Action: dynamodb:DeleteTable\n          Resource: '*'\n"
    (folder / "serverless.yml").write_text(SERVICE.replace("functions:", deny + "functions:"))
    plan = planned(folder, "serverless.yml")
    for function in ("put", "read"):
        assert "dynamodb:DeleteTable" in actions(folder, "serverless.yml", function)
    assert not [one for one in plan.findings if one.code == "write-left-behind"]
    assert planned(folder, "serverless.yml").changes == ()


def test_policies_of_a_template_stay_where_an_unresolved_call_may_need_them(folder: Path) -> None:
    (folder / "template.yaml").write_text(TEMPLATE)
    plan = planned(folder, "template.yaml")
    text = (folder / "template.yaml").read_text()
    assert "- AmazonSQSFullAccess" in text and "'sqs:*'" in text
    assert "S3FullAccess" not in text and "'s3:*'" not in text and "dynamodb:PutItem" in text
    assert any(one.code == "write-kept-policy" and "sqs.PurgeQueue" in one.message for one in plan.findings)


def test_code_that_was_not_read_whole_loses_nothing(folder: Path) -> None:
    (folder / "app.py").write_text(CODE + "def broken(:\n    pass\n")
    (folder / "serverless.yml").write_text(SERVICE)
    plan = planned(folder, "serverless.yml")
    assert "s3:*" in actions(folder, "serverless.yml", "read")
    assert any(one.code == "write-unsure" and "read may need more" in one.message for one in plan.findings)


def test_a_function_that_may_need_more_is_told_with_the_places_and_the_hint_to_add(folder: Path) -> None:
    (folder / "app.py").write_text("import boto3\nimport wonders\n" + CODE + "    wonders.work(event)\n")
    (folder / "serverless.yml").write_text(SERVICE)
    told = run("--diff", command="write", cwd=folder).stderr
    assert "unsure: serverless.yml:18:3: put may need more permissions: sqs.PurgeQueue at app.py:7:20" in told
    assert "# scopedown: needs ACTION on TARGET" in told
    assert "unsure: scopedown did not read these modules: wonders" in told
    (line,) = [one for one in told.splitlines() if "put may need more" in one]
    assert "wonders" not in line


def test_a_hint_settles_it(folder: Path) -> None:
    hint = "    # scopedown: ignore sqs:PurgeQueue it is a queue of our own\n    event["
    (folder / "app.py").write_text(CODE.replace("    event[", hint))
    (folder / "serverless.yml").write_text(SERVICE)
    planned(folder, "serverless.yml")
    assert actions(folder, "serverless.yml", "put") == {"dynamodb:PutItem"}


SOCKETS = """service: sockets
provider: {name: aws, runtime: python3.12}
functions:
  talk: {handler: app.talk, events: [{websocket: $default}]}
  save: {handler: app.save}
"""


@pytest.mark.parametrize(("call", "stays"), [("anything.there(event)", True), ("pass", False)])
def test_what_the_framework_grants_by_itself_stays_for_code_that_was_not_seen(
    folder: Path, call: str, stays: bool
) -> None:
    (folder / "app.py").write_text(
        f"import anything\ndef talk(event, context):\n    {call}\ndef save(event, context):\n    {call}\n"
        if stays
        else f"def talk(event, context):\n    {call}\ndef save(event, context):\n    {call}\n"
    )
    (folder / "serverless.yml").write_text(SOCKETS)
    planned(folder, "serverless.yml")
    for name in ("talk", "save"):
        assert ("execute-api:ManageConnections" in actions(folder, "serverless.yml", name)) == stays
