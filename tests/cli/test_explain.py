"""``scopedown explain`` as people run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import run

TODOS = Path(__file__).resolve().parents[2] / "examples" / "todos"


def explain(*arguments: str, cwd: Path = TODOS) -> list[str]:
    return [line.strip() for line in run(*arguments, cwd=cwd, command="explain").stdout.splitlines()]


def test_the_chain_to_the_call_and_every_step_to_its_resource_are_told() -> None:
    assert explain("dynamodb:PutItem") == [
        "create  todos/create.py:handler  python3.12  role IamRoleLambdaExecution",
        "dynamodb:PutItem on ${TodosTable.Arn}",
        "todos/store.py:13:5 dynamodb.PutItem (boto3)",
        "reached by handler → save",
        "TableName is ${env:TODOS_TABLE}",
        "the environment variable TODOS_TABLE is set to todos-dev",
        "TodosTable is the AWS::DynamoDB::Table of serverless.yml:47:5",
    ]


def test_what_is_not_known_names_the_expression_that_stopped_the_analysis() -> None:
    told = explain("s3:PutObject")
    assert "not known: event (attachments/handler.js:15:18)" in told
    assert "AttachmentsBucket is the AWS::S3::Bucket of serverless.yml:64:5" in told


@pytest.mark.parametrize("wanted", ["dynamodb", "DynamoDB:*", "dynamodb:*Item"])
def test_a_service_or_a_pattern_means_all_of_its_actions(wanted: str) -> None:
    heads = [line for line in explain(wanted) if " on " in line and line.startswith("dynamodb:")]
    assert "dynamodb:PutItem on ${TodosTable.Arn}" in heads
    assert "dynamodb:UpdateItem on ${TodosTable.Arn}" in heads


def test_an_action_of_a_setting_names_the_setting() -> None:
    told = explain("logs:PutLogEvents", "--function", "list")
    assert told[0].startswith("list ")
    assert any(line.endswith("the setting logs") for line in told)


def test_a_variable_that_nobody_sets_is_told(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "import boto3, os\ndef handler(event, context):\n"
        "    boto3.client('sqs').send_message(QueueUrl=os.environ['QUEUE'], MessageBody='')\n"
    )
    (tmp_path / "template.yaml").write_text(
        "Resources:\n  F:\n    Type: AWS::Lambda::Function\n"
        "    Properties: {Handler: app.handler, Runtime: python3.12, Code: .}\n"
    )
    told = explain("sqs:SendMessage", cwd=tmp_path)
    assert "the environment variable QUEUE is not set in the project" in told


def test_an_action_that_nothing_needs_is_exit_1() -> None:
    done = run("sqs:SendMessage", cwd=TODOS, command="explain")
    assert (done.returncode, done.stdout) == (1, "no function needs sqs:SendMessage\n")


def test_an_unknown_function_is_exit_2() -> None:
    done = run("s3", "--function", "nothing", cwd=TODOS, command="explain")
    assert done.returncode == 2 and "create" in done.stderr


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("s3:GetObjec", "did you mean s3:GetObject"),
        ("dynamo", "did you mean dynamodb"),
        ("apigatewayv2", "write apigateway for this service"),
        ("s3:Gte*", "no action matches s3:Gte*"),
        ("s3.GetObjec", "no operation is named s3.GetObjec"),
        ("s3.HeadObject", "name its action, s3:GetObject"),
        ("é:ü", "no action is named é:ü"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_what_no_action_is_named_is_exit_2(wanted: str, expected: str, form: str) -> None:
    done = run(wanted, "--format", form, cwd=TODOS, command="explain")
    assert (done.returncode, done.stdout) == (2, "") and expected in done.stderr


def test_as_json_each_reason_holds_those_that_say_why() -> None:
    done = run("dynamodb:PutItem", "--format", "json", cwd=TODOS, command="explain")
    told = json.loads(done.stdout)
    assert (told["schema"], told["action"]) == ("scopedown.explain/1", "dynamodb:PutItem")
    (create,) = told["functions"]
    assert (create["name"], create["project"], create["service"]) == ("create", "serverless.yml", "todos")
    (permission,) = create["reasons"]
    assert permission["text"] == "dynamodb:PutItem on ${TodosTable.Arn}"
    call, table = permission["reasons"]
    assert call["text"] == "todos/store.py:13:5 dynamodb.PutItem (boto3)"
    assert [one["text"] for one in call["reasons"]] == ["reached by handler → save", "TableName is ${env:TODOS_TABLE}"]
    assert call["reasons"][1]["reasons"][0]["text"] == "the environment variable TODOS_TABLE is set to todos-dev"
    assert table == {"text": "TodosTable is the AWS::DynamoDB::Table of serverless.yml:47:5", "reasons": []}


def test_as_json_an_action_that_no_function_needs_is_an_empty_answer_with_exit_code_1() -> None:
    done = run("sqs", "--format", "json", cwd=TODOS, command="explain")
    assert done.returncode == 1
    assert json.loads(done.stdout)["functions"] == []


def test_a_function_s_name_is_answered_with_the_command_that_explains_a_function() -> None:
    ran = run("create", cwd=TODOS, command="explain")
    assert ran.returncode == 2
    assert "create is a function, not an action (scopedown explain '*' --function create" in ran.stderr


def test_functions_whose_code_was_not_read_whole_are_counted(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(
        "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: app.f}}\n"
    )
    (tmp_path / "app.py").write_text("import lib_of_ours\ndef f(event, context):\n    lib_of_ours.go()\n")
    ran = run("s3:GetObject", cwd=tmp_path, command="explain")
    assert "but scopedown did not read all code of 1 function" in ran.stdout
