"""Running a task passes the roles of its task definition: the project may declare it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from permission_words import a_function, a_project, sdk_call, short

from scopedown.catalog.load import SqliteCatalog
from scopedown.core.text import ANY, Att, EnvVar, Ref, Text, Unknown
from scopedown.permissions.bind import bind
from scopedown.permissions.merge import merge
from scopedown.permissions.model import RequiredPermission
from scopedown.permissions.require import require

ROLE = "arn:aws:iam::111122223333:role/worker"
RESOURCES: Mapping[str, Any] = {
    "Runner": ("AWS::IAM::Role", {}),
    "Puller": ("AWS::IAM::Role", {}),
    "Task": (
        "AWS::ECS::TaskDefinition",
        {
            "Family": "resize",
            "TaskRoleArn": {"Fn::GetAtt": ["Runner", "Arn"]},
            "ExecutionRoleArn": {"Ref": "Puller"},
        },
    ),
    "Bare": ("AWS::ECS::TaskDefinition", {"Family": "bare"}),
}


def passed(
    facts: SqliteCatalog, arguments: Mapping[str, Any], environment: Mapping[str, Any] | None = None
) -> list[RequiredPermission]:
    project, function = a_project(RESOURCES), a_function(environment)
    needed = require(sdk_call("ecs.RunTask", arguments), facts)
    return [one for one in merge(bind(one, function, project, facts) for one in needed) if one.action == "iam:PassRole"]


@pytest.mark.parametrize(
    "definition",
    [
        Ref("Task"),
        "resize",
        "resize:7",
        "arn:aws:ecs:eu-west-1:111122223333:task-definition/resize:7",
        EnvVar("TASK"),
    ],
)
def test_the_roles_of_a_declared_task_definition_are_passed(facts: SqliteCatalog, definition: Any) -> None:
    [found] = passed(facts, {"taskDefinition": definition}, {"TASK": Ref("Task")})
    assert [short(one.arn) for one in found.resources] == ["${Puller.Arn}", "${Runner.Arn}"]
    assert found.conditions == {"StringEquals": {"iam:PassedToService": ("ecs-tasks.amazonaws.com",)}}


def test_an_override_takes_the_place_of_its_role(facts: SqliteCatalog) -> None:
    [found] = passed(facts, {"taskDefinition": "resize", "overrides": {"taskRoleArn": ROLE}})
    assert [short(one.arn) for one in found.resources] == ["${Puller.Arn}", ROLE]


def test_a_task_definition_without_roles_passes_none(facts: SqliteCatalog) -> None:
    assert passed(facts, {"taskDefinition": "bare"}) == []


def test_a_task_definition_without_roles_may_be_given_one(facts: SqliteCatalog) -> None:
    [found] = passed(facts, {"taskDefinition": Ref("Bare"), "overrides": {"executionRoleArn": ROLE}})
    assert [short(one.arn) for one in found.resources] == [ROLE]


@pytest.mark.parametrize("definition", ["another", Ref("Elsewhere"), Text.of(ANY), Text((Unknown("event"),))])
def test_of_a_task_definition_that_is_not_declared_the_roles_are_not_known(
    facts: SqliteCatalog, definition: Any
) -> None:
    [found] = passed(facts, {"taskDefinition": definition})
    assert [short(one.arn) for one in found.resources] == ["arn:P:iam::A:role/*"]


def test_the_role_of_another_attribute_is_kept(facts: SqliteCatalog) -> None:
    [found] = passed(facts, {"taskDefinition": "resize", "overrides": {"taskRoleArn": Att("Runner", "Arn")}})
    assert [short(one.arn) for one in found.resources] == ["${Puller.Arn}", "${Runner.Arn}"]


@pytest.mark.parametrize(
    "profile",
    [
        {"Name": Ref("Profile")},
        {"Arn": Att("Profile", "Arn")},
        {"Name": "web"},
        {"Arn": "arn:aws:iam::1:instance-profile/web"},
    ],
)
@pytest.mark.parametrize("call", ["ec2.RunInstances", "ec2.AssociateIamInstanceProfile"])
def test_an_instance_is_passed_the_role_of_its_declared_profile(
    facts: SqliteCatalog, call: str, profile: Mapping[str, Any]
) -> None:
    declared = {"Profile": ("AWS::IAM::InstanceProfile", {"InstanceProfileName": "web", "Roles": [{"Ref": "Runner"}]})}
    project, function = a_project({**RESOURCES, **declared}), a_function()
    needed = require(sdk_call(call, {"IamInstanceProfile": profile}), facts)
    [found] = [bind(one, function, project, facts) for one in needed if one.action == "iam:PassRole"]
    assert [short(one.arn) for one in found.resources] == ["${Runner.Arn}"]
    assert found.conditions == {"StringEquals": {"iam:PassedToService": ("ec2.amazonaws.com",)}}


def test_of_a_profile_that_is_not_declared_the_role_is_not_known(facts: SqliteCatalog) -> None:
    project, function = a_project(RESOURCES), a_function()
    needed = require(sdk_call("ec2.RunInstances", {"IamInstanceProfile": {"Name": "elsewhere"}}), facts)
    [found] = [bind(one, function, project, facts) for one in needed if one.action == "iam:PassRole"]
    assert [short(one.arn) for one in found.resources] == ["arn:P:iam::A:role/*"]
