"""Whole small applications, written for these tests, against what a person worked out from their code.

Each folder beside this file is an application with its own `expected.json` (or, where that file names a `project`,
the expectation of an application kept elsewhere):

- `handler`: the file and symbol that the function starts at.
- `calls`: every API operation that needs a permission, with `at`, the places where a person would say that it is made
  (one, or a few where two lines could be meant: the `with` of a batch and the `put_item` inside).
- `permissions`: what the code needs. `resources` in CloudFormation's words, absent where only the action is certain;
  `alt`, other resource lists that are equally right.
- `optional`: actions that are neither demanded nor wrong, since they hang on what the project does not say (the
  encryption of a bucket that is not declared, an upload that fails).
- `config`: the actions that the function's settings need, beside those for its logs.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scopedown.cli.main import cli

HERE = Path(__file__).parent
APPS = {path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in HERE.glob("*/expected.json")}
FUNCTIONS = [(app, name) for app, expected in sorted(APPS.items()) for name in expected["functions"]]
LOGS = {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:TagResource"}


@cache
def scanned(app: str) -> dict[str, Any]:
    """The scan of an application as the command prints it."""
    folder = HERE / app / APPS[app].get("project", ".")
    result = CliRunner().invoke(cli, ["scan", str(folder.resolve()), "--format", "json"])
    assert result.exit_code == 0, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    assert report["schema"] == "scopedown.scan/1"
    return report


def function_of(app: str, name: str) -> dict[str, Any]:
    return next(f for f in scanned(app)["functions"] if f["name"] == name)


def as_text(value: object) -> str:
    """A CloudFormation value as the text that `Fn::Sub` would hold."""
    if isinstance(value, str):
        return value
    assert isinstance(value, dict) and len(value) == 1, value
    ((key, body),) = value.items()
    if key == "Ref":
        return f"${{{body}}}"
    if key == "Fn::GetAtt":
        return f"${{{body if isinstance(body, str) else '.'.join(body)}}}"
    if key == "Fn::Join":
        return str(body[0]).join(as_text(part) for part in body[1])
    assert key == "Fn::Sub", value
    if isinstance(body, str):
        return body
    return re.sub(r"\$\{(\w+)\}", lambda m: as_text(body[1][m[1]]) if m[1] in body[1] else m[0], body[0])


_SAME = [
    # An ARN spelt out with the resource's name is the resource's Arn attribute.
    (r"arn:P:dynamodb:R:A:table/\$\{(\w+)\}", r"${\1.Arn}"),
    (r"arn:P:s3:::\$\{(\w+)\}", r"${\1.Arn}"),
    (r"arn:P:sqs:R:A:\$\{(\w+)\.QueueName\}", r"${\1.Arn}"),
    (r"arn:P:lambda:R:A:function:\$\{(\w+)\}", r"${\1.Arn}"),
    (r"arn:P:events:R:A:event-bus/\$\{(\w+)(?:\.Name)?\}", r"${\1.Arn}"),
    (r"arn:P:sns:R:A:\$\{(\w+)\.TopicName\}", r"${\1}"),
    (r"arn:P:states:R:A:stateMachine:\$\{(\w+)\.Name\}", r"${\1}"),
    # What Ref returns for these is their ARN, as the attribute is.
    (r"\$\{(\w+)\.(?:TopicArn|StateMachineArn|Id)\}", r"${\1}"),
]
_P, _R, _A = (re.escape(f"${{AWS::{name}}}") for name in ("Partition", "Region", "AccountId"))


def canonical(value: object, region: str) -> str:
    """One spelling of an ARN: two ways to write the same resource are the same resource."""
    text = as_text(value).replace(f":{region}:", ":${AWS::Region}:")
    for pattern, replacement in _SAME:
        pattern = pattern.replace(":P:", f":{_P}:").replace(":R:", f":{_R}:").replace(":A:", f":{_A}:")
        text = re.sub(pattern, replacement, text)
    return text


def needed(app: str, name: str, origin: str) -> dict[str, set[str]]:
    """action → the resources that the scan names for it, of one origin."""
    region = scanned(app)["project"]["region"]
    found: dict[str, set[str]] = {}
    for permission in function_of(app, name)["permissions"]:
        if permission["origin"] == origin:
            resources = {canonical(resource["value"], region) for resource in permission["resources"]}
            found.setdefault(permission["action"], set()).update(resources)
    return found


def test_there_are_applications() -> None:
    assert len(APPS) >= 6


@pytest.mark.parametrize("app", sorted(APPS))
def test_every_function_of_the_application_is_found(app: str) -> None:
    assert [f["name"] for f in scanned(app)["functions"]] == list(APPS[app]["functions"])


@pytest.mark.parametrize(("app", "name"), FUNCTIONS)
def test_the_handler_is_where_a_person_finds_it(app: str, name: str) -> None:
    assert function_of(app, name)["handler"] == APPS[app]["functions"][name]["handler"]


@pytest.mark.parametrize(("app", "name"), FUNCTIONS)
def test_the_actions_are_those_that_the_code_needs(app: str, name: str) -> None:
    expected = APPS[app]["functions"][name]
    demanded = {permission["action"] for permission in expected["permissions"]}
    assert set(needed(app, name, "code")) - (set(expected["optional"]) - demanded) == demanded


@pytest.mark.parametrize(("app", "name"), FUNCTIONS)
def test_the_resources_are_those_that_the_code_reaches(app: str, name: str) -> None:
    region = scanned(app)["project"]["region"]
    found = needed(app, name, "code")
    for permission in APPS[app]["functions"][name]["permissions"]:
        if "resources" not in permission:
            continue
        right = [permission["resources"], *permission.get("alt", [])]
        either = [{canonical(value, region) for value in resources} for resources in right]
        assert found.get(permission["action"]) in either, permission["action"]


@pytest.mark.parametrize(("app", "name"), FUNCTIONS)
def test_the_calls_are_made_where_a_person_finds_them(app: str, name: str) -> None:
    expected = APPS[app]["functions"][name]
    optional = set(expected["optional"])
    found = {
        (because["operation"], f"{because['file']}:{because['line']}")
        for permission in function_of(app, name)["permissions"]
        if permission["origin"] == "code" and permission["action"] not in optional
        for because in permission["because"]
    }
    for call in expected["calls"]:
        assert any((call["operation"], place) in found for place in call["at"]), (call, found)
    assert {place for _, place in found} <= {place for call in expected["calls"] for place in call["at"]}


@pytest.mark.parametrize(("app", "name"), FUNCTIONS)
def test_the_settings_need_what_the_framework_would_add(app: str, name: str) -> None:
    found = set(needed(app, name, "config"))
    assert {"logs:CreateLogStream", "logs:PutLogEvents"} <= found
    assert found - LOGS == set(APPS[app]["functions"][name]["config"])


@pytest.mark.parametrize(("app", "name"), FUNCTIONS)
def test_the_policy_grants_what_the_permissions_say(app: str, name: str) -> None:
    function = function_of(app, name)
    granted = set()
    for statement in function["policy"]["Statement"]:
        actions = statement["Action"]
        granted |= {actions} if isinstance(actions, str) else set(actions)
    assert granted == {permission["action"] for permission in function["permissions"]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${T}/index/i"},
            {"Fn::Sub": "${T.Arn}/index/i"},
        ),
        (
            {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::", {"Ref": "B"}, "/*"]]},
            {"Fn::Sub": "${B.Arn}/*"},
        ),
        ({"Fn::GetAtt": "Q.Arn"}, {"Fn::GetAtt": ["Q", "Arn"]}),
        ({"Fn::GetAtt": ["T", "TopicArn"]}, {"Ref": "T"}),
    ],
)
def test_two_ways_to_write_one_arn_compare_equal(one: object, other: object) -> None:
    assert canonical(one, "eu-west-1") == canonical(other, "eu-west-1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Ref": "Table"}, {"Fn::GetAtt": ["Table", "Arn"]}),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, {"Fn::Sub": "${Bucket.Arn}/*"}),
        ("*", {"Fn::GetAtt": ["Bucket", "Arn"]}),
    ],
)
def test_a_name_an_arn_and_a_pattern_compare_unequal(one: object, other: object) -> None:
    assert canonical(one, "eu-west-1") != canonical(other, "eu-west-1")
