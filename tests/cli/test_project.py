"""``scopedown project`` as people run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import run

TODOS = Path(__file__).resolve().parents[2] / "examples" / "todos"

CONFIG = """\
service: shop
provider:
  name: aws
  runtime: python3.12
  environment:
    SECRET: ${ssm:/secret}
functions:
  save:
    handler: app.save
    events:
      - sqs: arn:aws:sqs:eu-west-1:123456789012:orders
  other:
    handler: app.other
    role: arn:aws:iam::123456789012:role/other
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "serverless.yml").write_text(CONFIG)
    (tmp_path / "app.py").write_text("def save(event, context): ...\ndef other(event, context): ...\n")
    return tmp_path


def test_what_was_understood_is_shown_with_places(shop: Path) -> None:
    shown = run(cwd=shop, command="project").stdout
    assert "save  app.py:save  python3.12  role IamRoleLambdaExecution" in shown
    assert "on sqs arn:aws:sqs:eu-west-1:123456789012:orders  serverless.yml:11:9" in shown
    assert "role arn:aws:iam::123456789012:role/other  is outside of the project" in shown
    assert "allow sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes on arn:aws:sqs" in shown
    assert "AWS::Lambda::EventSourceMapping" in shown
    assert "unresolved save.environment.SECRET: the SSM parameter /secret is read from AWS" in shown
    assert "2 functions, 2 roles, 10 resources (10 generated), 2 unresolved" in shown


def test_json_holds_functions_roles_resources_and_what_is_unresolved(shop: Path) -> None:
    shown = json.loads(run("--format", "json", cwd=shop, command="project").stdout)
    assert shown["schema"] == "scopedown.project/1"
    save = shown["functions"][0]
    assert save["handler"] == {"declared": "app.save", "file": "app.py", "symbol": "save", "root": ""}
    assert save["environment"]["SECRET"]["pattern"] == "*"
    assert "SSM" in save["environment"]["SECRET"]["unresolved"][0]
    assert save["events"] == [
        {
            "kind": "sqs",
            "settings": "arn:aws:sqs:eu-west-1:123456789012:orders",
            "file": "serverless.yml", "line": 11, "column": 9,
        }
    ]  # fmt: skip
    roles = {role["id"]: role for role in shown["roles"]}
    assert {one["addedBy"] for one in roles["IamRoleLambdaExecution"]["statements"]} == {"framework"}
    assert roles["arn:aws:iam::123456789012:role/other"]["declared"] is False
    kinds = {one["type"] for one in shown["resources"] if one["generated"]}
    assert {"AWS::IAM::Role", "AWS::Lambda::Function", "AWS::Logs::LogGroup"} <= kinds
    assert [one["path"] for one in shown["unresolved"]] == ["save.environment.SECRET", "other.environment.SECRET"]


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second = (run("--format", "json", cwd=TODOS, command="project").stdout for _ in range(2))
    assert first == second != ""


def test_recursive_shows_every_project_and_names_those_that_cannot_be_read(shop: Path) -> None:
    (shop / "broken").mkdir()
    (shop / "broken" / "serverless.yml").write_text("service: [")
    found = run("--recursive", cwd=shop, command="project")
    assert found.returncode == 0
    assert "1 project read, 1 not read" in found.stdout
    assert "not read: broken/serverless.yml:2:1" in found.stderr
    shown = json.loads(run("--recursive", "--format", "json", cwd=shop, command="project").stdout)
    assert [one["project"]["path"] for one in shown["projects"]] == ["."]
    assert [one["file"] for one in shown["errors"]] == ["broken/serverless.yml"]


def test_markup_in_a_projects_own_text_is_printed_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(
        "service: s\nprovider: {name: aws, runtime: nodejs20.x}\n"
        "functions:\n  f: {handler: a.b, environment: {A: '[red]x[/red]', B: \"\\e[31m\"}}\n"
    )
    shown = run(cwd=tmp_path, command="project").stdout
    assert "A = [red]x[/red]" in shown
    assert "\x1b" not in shown


def test_help_has_examples() -> None:
    assert "scopedown project --compiled" in run("--help", cwd=TODOS, command="project").stdout


@pytest.mark.parametrize(
    ("framework", "compiler", "permission"),
    [("osls", "osls 4", "SaveLambdaPermissionFn"), ("v3", "serverless 3", "SaveLambdaPermissionFnUrl")],
)
def test_the_framework_that_compiles_can_be_told(shop: Path, framework: str, compiler: str, permission: str) -> None:
    (shop / "serverless.yml").write_text(CONFIG.replace("handler: app.save", "handler: app.save\n    url: true"))
    shown = json.loads(run("--framework", framework, "--format", "json", cwd=shop, command="project").stdout)
    assert shown["project"]["compiler"] == {"name": compiler, "reason": "--framework sets it"}
    assert permission in {resource["id"] for resource in shown["resources"]}


@pytest.mark.parametrize("command", ["project", "scan"])
def test_a_framework_that_is_assumed_is_named_with_the_reason(shop: Path, command: str) -> None:
    line = "compiled as osls 4 does: neither package.json nor frameworkVersion names another version"
    assert run(cwd=shop, command=command).stdout.splitlines()[1] == line
    (shop / "package.json").write_text('{"devDependencies": {"serverless": "^4.17.0"}}')
    line = "compiled as serverless 4 does: package.json lists serverless ^4.17.0 in its devDependencies"
    assert run(cwd=shop, command=command).stdout.splitlines()[1] == line


def test_explain_takes_the_framework_too(shop: Path) -> None:
    arguments = ("sqs:ReceiveMessage", "--framework", "v4")
    assert "save" in run(*arguments, cwd=shop, command="explain").stdout


def test_only_frameworks_that_are_known_are_taken(shop: Path) -> None:
    done = run("--framework", "v5", cwd=shop, command="project")
    assert done.returncode == 2 and "'osls', 'v3', 'v4'" in done.stderr


def test_a_compiled_template_has_its_framework_behind_it(shop: Path) -> None:
    (shop / "template.json").write_text('{"Resources": {}}')
    done = run("--compiled", "template.json", "--framework", "v3", cwd=shop, command="project")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--framework does not apply to a compiled template" in done.stderr


def test_a_template_is_compiled_as_nobody_does(tmp_path: Path) -> None:
    (tmp_path / "template.json").write_text('{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}}')
    shown = json.loads(run("template.json", "--format", "json", cwd=tmp_path, command="project").stdout)
    assert "compiler" not in shown["project"]
    assert "compiled as" not in run("template.json", cwd=tmp_path, command="project").stdout
