"""What a scan prints: the JSON of docs/json.md, and statements to paste."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from scopedown.catalog.load import catalog
from scopedown.core.finding import Finding, ScopedownError, Severity
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Ref, Text, Unknown
from scopedown.project.model import DeclaredResource, Function, Handler, Project
from scopedown.scan import ProjectScan, scan
from scopedown.scan.forms.report import origin_of, report, reports
from scopedown.scan.forms.statements import statements_yaml

SOURCE = """\
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
queue = boto3.client("sqs")


def save(item):
    table.put_item(Item=item)


def handler(event, context):
    save(event)
    queue.send_message(QueueUrl=event["queue"], MessageBody="x")
"""


def scanned(folder: Path, key: str = "save") -> ProjectScan:
    (folder / "app.py").write_text(SOURCE, encoding="utf-8")
    function = Function(
        key=key,
        name=Text.of("shop-dev-save"),
        logical_id="SaveLambdaFunction",
        runtime="python3.12",
        language="python",
        handler=Handler("app.handler", "app.py", "handler"),
        environment={"TABLE": Text.of(Ref("Orders"))},
        role="IamRoleLambdaExecution",
        place=Place("serverless.yml", 9, 3),
        settings={"disableLogs": True, "tracing": "Active"},
        setting_places={"tracing": Place("serverless.yml", 12, 5)},
    )
    orders = DeclaredResource("Orders", "AWS::DynamoDB::Table", {}, Place("serverless.yml", 20, 5))
    project = Project(
        root=str(folder),
        config="serverless.yml",
        framework="serverless",
        service="shop",
        stage="dev",
        region="us-east-1",
        functions=(function,),
        resources={"Orders": orders},
        findings=(Finding("variable-missing", "no such file", Place("serverless.yml", 3, 2), "make it"),),
    )
    return scan(project, catalog())


@pytest.fixture
def shown(tmp_path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(report(scanned(tmp_path))))
    return found


def test_the_project_is_told(shown: dict[str, Any]) -> None:
    assert shown["schema"] == "scopedown.scan/1"
    assert shown["project"] == {
        "framework": "serverless",
        "config": "serverless.yml",
        "service": "shop",
        "stage": "dev",
        "region": "us-east-1",
    }


def test_a_function_has_every_key_that_the_documentation_names(shown: dict[str, Any]) -> None:
    (function,) = shown["functions"]
    named = Path(__file__).parents[2].joinpath("docs", "json.md").read_text(encoding="utf-8")
    section = named.split("## A function")[1].split("## A permission")[0]
    for key in function:
        assert f"`{key}`" in section, key
    assert function["handler"] == {"file": "app.py", "symbol": "handler"}


def test_a_permission_says_what_why_and_from_where(shown: dict[str, Any]) -> None:
    put = shown["functions"][0]["permissions"][0]
    assert put == {
        "action": "dynamodb:PutItem",
        "resources": [{"value": {"Fn::GetAtt": ["Orders", "Arn"]}, "certainty": "resolved"}],
        "conditions": {},
        "origin": "code",
        "because": [
            {
                "file": "app.py",
                "line": 9,
                "column": 5,
                "operation": "dynamodb.PutItem",
                "path": ["handler", "save"],
                "from": {"TableName": "env:TABLE"},
            }
        ],
    }


def test_what_is_not_known_is_told_apart(shown: dict[str, Any]) -> None:
    (function,) = shown["functions"]
    (unresolved,) = function["unresolved"]
    assert (unresolved["file"], unresolved["line"]) == ("app.py", 14)
    assert unresolved["reason"].startswith("sqs:SendMessage may use any queue, because QueueUrl comes from the event")
    send = next(one for one in function["permissions"] if one["action"] == "sqs:SendMessage")
    assert send["resources"][0]["certainty"] == "unknown"
    assert send["resources"][0]["value"] == {"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:*"}


def test_settings_come_after_code_with_their_place(shown: dict[str, Any]) -> None:
    last = shown["functions"][0]["permissions"][-1]
    assert last["action"] == "xray:PutTraceSegments" and last["origin"] == "config"
    assert last["because"] == [{"file": "serverless.yml", "line": 12, "column": 5, "setting": "tracing"}]


def test_the_policy_grants_exactly_the_permissions(shown: dict[str, Any]) -> None:
    (function,) = shown["functions"]
    granted = {
        (action, json.dumps(resource))
        for statement in function["policy"]["Statement"]
        for action in statement["Action"]
        for resource in statement["Resource"]
    }
    needed = {
        (one["action"], json.dumps(resource["value"]))
        for one in function["permissions"]
        for resource in one["resources"]
    }
    assert granted == needed


def test_warnings_are_findings(shown: dict[str, Any]) -> None:
    assert shown["warnings"][0] == {
        "code": "variable-missing",
        "severity": Severity.WARNING.value,
        "message": "no such file",
        "file": "serverless.yml",
        "line": 3,
        "column": 2,
        "remedy": "make it",
    }


def test_the_same_scan_gives_the_same_bytes(tmp_path: Path) -> None:
    assert json.dumps(report(scanned(tmp_path))) == json.dumps(report(scanned(tmp_path)))


def test_several_projects_have_their_paths(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "deep" / "b"]
    for folder in folders:
        folder.mkdir(parents=True)
    shown = reports(
        [scanned(folder) for folder in folders], [ScopedownError("broken", Place("c/serverless.yml", 2, 1))]
    )
    assert [one["project"]["path"] for one in shown["projects"]] == ["a", "deep/b"]
    assert shown["errors"][0]["message"] == "broken" and shown["errors"][0]["file"] == "c/serverless.yml"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (Text.of("x"), "literal"),
        (Text.of("x-", EnvVar("E")), "env:E"),
        (Text.of(Unknown("event")), "event"),
        (Text.of(EnvVar("E"), Unknown("event")), "env:E + event"),
        (Text.of(Ref("R")), "declared"),
    ],
)
def test_a_value_says_where_it_comes_from(text: Text, expected: str) -> None:
    assert origin_of(text) == expected


class TestStatementsToPaste:
    def test_each_has_its_reasons_and_what_is_open(self, tmp_path: Path) -> None:
        assert (
            statements_yaml(scanned(tmp_path))
            == """\
# save (app.py, handler)
save:
  # dynamodb.PutItem at app.py:9
  - Effect: Allow
    Action:
      - dynamodb:PutItem
    Resource:
      - !GetAtt Orders.Arn
  # sqs.SendMessage at app.py:14
  # arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:* is open, because QueueUrl comes from the event
  - Effect: Allow
    Action:
      - sqs:SendMessage
    Resource:
      - !Sub arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:*
  # tracing at serverless.yml:12
  - Effect: Allow
    Action:
      - xray:PutTelemetryRecords
      - xray:PutTraceSegments
    Resource:
      - '*'
"""
        )

    def test_a_name_with_a_line_break_stays_in_its_comment(self, tmp_path: Path) -> None:
        text = statements_yaml(scanned(tmp_path, key="x\n- Effect: Deny"))
        loader = type("Loader", (yaml.SafeLoader,), {})
        loader.add_multi_constructor("!", lambda loader, suffix, node: node.value)
        assert list(yaml.load(text, Loader=loader)) == ["x\n- Effect: Deny"]
