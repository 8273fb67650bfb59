"""What a function's log group takes of its role: the right to make it only where nothing else makes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from permission_words import a_function, a_project

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.permissions.from_config import from_config
from scopedown.project.load import load_project
from scopedown.project.model import Event, ForeignLayer, Function, Project
from scopedown.project.options import Options

GROUP = "AWS::Logs::LogGroup"
MADE = {"CreateLogStream", "PutLogEvents"}
NOT_MADE = MADE | {"CreateLogGroup"}
FUNCTION = """
  F:
    Type: AWS::Lambda::Function
    Properties:
      {Handler: app.f, Runtime: python3.13, Role: 'arn:aws:iam::111122223333:role/r', Code: {ZipFile: 'f = 1'}%s}
"""


def rights(function: Function, project: Project) -> set[str]:
    found = from_config(function, project)
    return {one.action.removeprefix("logs:") for one in found if one.action.startswith("logs:")}


def of_template(tmp_path: Path, resources: str, options: Options | None = None) -> set[str]:
    text = f"Conditions: {{C: {{'Fn::Equals': [!Ref 'AWS::AccountId', b]}}}}\nResources:\n{resources}"
    (tmp_path / "template.yaml").write_text(text)
    project = load_project(tmp_path, options or Options())
    return rights(project.functions[0], project)


def of_service(tmp_path: Path, more: str = "", options: Options | None = None, version: str = "3") -> set[str]:
    (tmp_path / "app.py").write_text("def f(event, context): pass\n")
    (tmp_path / "serverless.yml").write_text(
        f"service: s\nframeworkVersion: '{version}'\nprovider: {{name: aws, runtime: python3.12}}\n"
        f"functions: {{f: {{handler: app.f{more}}}}}\n"
    )
    project = load_project(tmp_path, options or Options())
    return rights(project.functions[0], project)


def test_the_framework_makes_the_log_group_of_a_function(tmp_path: Path) -> None:
    assert of_service(tmp_path) == MADE


def test_the_frameworks_habit_is_kept_where_the_user_asks_for_it(tmp_path: Path) -> None:
    assert of_service(tmp_path, options=Options(habitual_logs=True)) == NOT_MADE | {"TagResource"}


def test_serverless_4_makes_no_log_group_that_the_project_names(tmp_path: Path) -> None:
    assert of_service(tmp_path, ", logs: {logGroup: /shop/orders}", version="4") == NOT_MADE


def test_a_function_without_logs_needs_none(tmp_path: Path) -> None:
    assert of_service(tmp_path, ", disableLogs: true") == set()


def test_lambda_makes_the_log_group_that_a_template_does_not(tmp_path: Path) -> None:
    assert of_template(tmp_path, FUNCTION % "") == NOT_MADE


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ("", "!Sub '/aws/lambda/${F}'"),
        (", FunctionName: orders", "/aws/lambda/orders"),
        (", FunctionName: orders", "!Join ['', [/aws/lambda/, !Ref F]]"),
        (", LoggingConfig: {LogGroup: !Ref G}", "/shop/orders"),
        (", LoggingConfig: {LogGroup: /shop/orders}", "/shop/orders"),
        (", LoggingConfig: {LogGroup: !Sub '${AWS::StackName}/orders'}", "!Sub '${AWS::StackName}/orders'"),
    ],
)
def test_a_template_makes_the_log_group_however_it_says_the_name(tmp_path: Path, setting: str, name: str) -> None:
    group = f"  G: {{Type: {GROUP}, Properties: {{LogGroupName: {name}}}}}\n"
    assert of_template(tmp_path, FUNCTION % setting + group) == MADE


@pytest.mark.parametrize(
    ("setting", "group"),
    [
        ("", "{Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /aws/lambda/other}}"),
        (", FunctionName: f, LoggingConfig: {LogGroup: /a/b}", "{Type: AWS::Logs::LogGroup, "
         "Properties: {LogGroupName: /aws/lambda/f}}"),
        (", LoggingConfig: {LogGroup: !ImportValue g}", "{Type: AWS::Logs::LogGroup}"),
        (", FunctionName: f", "{Type: AWS::Logs::LogGroup, Condition: C, Properties: {LogGroupName: /aws/lambda/f}}"),
    ],
)  # fmt: skip
def test_another_log_group_or_one_that_may_not_be_made_is_not_the_functions(
    tmp_path: Path, setting: str, group: str
) -> None:
    assert of_template(tmp_path, FUNCTION % setting + f"  G: {group}\n") == NOT_MADE


def test_a_log_group_with_the_condition_of_its_function_is_there_with_it(tmp_path: Path) -> None:
    function = (FUNCTION % ", FunctionName: f").replace("  F:\n", "  F:\n    Condition: C\n")
    group = f"  G: {{Type: {GROUP}, Condition: C, Properties: {{LogGroupName: /aws/lambda/f}}}}\n"
    assert of_template(tmp_path, function + group) == MADE


def test_the_log_group_of_lambda_insights_is_made_by_lambda_unless_the_stack_makes_it() -> None:
    arn = "arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:14"
    function = replace(a_function(), foreign_layers=(ForeignLayer(Text.of(arn), Place("serverless.yml")),))
    own = (GROUP, {"LogGroupName": "/aws/lambda/shop-dev-hello"})
    of_insights = (GROUP, {"LogGroupName": "/aws/lambda-insights"})
    assert rights(function, a_project({"Own": own})) == NOT_MADE
    assert rights(function, a_project({"Own": own, "Insights": of_insights})) == MADE


def test_a_function_at_the_edge_makes_log_groups_in_every_region() -> None:
    function = replace(a_function(), events=(Event("cloudFront", {}, Place("serverless.yml")),))
    own = {"Own": (GROUP, {"LogGroupName": "/aws/lambda/shop-dev-hello"})}
    assert rights(function, a_project(own)) == NOT_MADE
