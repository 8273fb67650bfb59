"""serverless-fargate 1.1.0 (MIT), ``src``: tasks of ECS below ``fargate``, with a cluster, a log group and two roles.

A task runs once when it is started, by a schedule, or all the time as a service. Tasks are given the statements and
managed policies of the provider and those of ``fargate``. What a task's container runs is not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.policies import policy, trust
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

_CLUSTER: Final = "FargateTasksCluster"
_LOGS: Final = "FargateTasksLogGroup"
_STARTS: Final = "FargateIamExecutionRole"
_RUNS: Final = "FargateIamTaskRole"
_TASKS: Final = "ecs-tasks.amazonaws.com"
_ASSUME: Final = ["sts:AssumeRole"]
_FOR_ALL: Final = ("executionRoleArn", "taskRoleArn", "architecture")
"""What a task takes from the section, where it says nothing itself."""


def _fargate(template: Template) -> None:
    service = template.service
    written = as_map(service.fargate)
    tasks = {name: as_map(task) for name, task in as_map(written.get("tasks")).items()}
    if not tasks:
        return
    place, tags = service.place_in(written, "tasks"), _pairs(service.provider, written, "tags")
    insights = written.get("containerInsights")
    template.add(_CLUSTER, "AWS::ECS::Cluster", {
        "ClusterName": written.get("clusterName"), "CapacityProviders": ["FARGATE", "FARGATE_SPOT"],
        "ClusterSettings": None if insights is None else [{"Name": "containerInsights"}], "Tags": _listed(tags),
    }, place)  # fmt: skip
    template.add(_LOGS, "AWS::Logs::LogGroup", {
        "LogGroupName": written.get("logGroupName"), "RetentionInDays": written.get("logRetentionInDays"),
        "Tags": _listed(tags),
    }, place)  # fmt: skip
    _roles(template, written, [_whole(written, task) for task in tasks.values()], tags, place)
    for name, task in tasks.items():
        _task(template, written, task.get("name") or name, _whole(written, task), service.place_in(tasks, name))


def _whole(written: Mapping[str, Any], task: Mapping[str, Any]) -> dict[str, Any]:
    return {**task, **{key: task.get(key) or written.get(key) for key in _FOR_ALL}}


def _pairs(provider: Mapping[str, Any], written: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {**as_map(provider.get(key)), **as_map(written.get(key))}


def _listed(values: Mapping[str, Any], key: str = "Key") -> list[dict[str, Any]]:
    return [{key: name, "Value": value} for name, value in values.items()]


def _roles(
    template: Template, written: Mapping[str, Any], tasks: list[dict[str, Any]], tags: Mapping[str, Any], place: Place
) -> None:
    if not all(task["executionRoleArn"] for task in tasks):
        template.add(_STARTS, "AWS::IAM::Role", {
            "AssumeRolePolicyDocument": trust([_TASKS, "events.amazonaws.com"], _ASSUME),
            "ManagedPolicyArns": [
                "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
                "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceEventsRole",
            ],
            "Tags": _listed(tags),
        }, place)  # fmt: skip
    if not all(task["taskRoleArn"] for task in tasks):
        statements = _granted(template.service, written, "statements", "iamRoleStatements")
        policies = [policy("FargateTaskPolicy", *statements)] if statements else []
        template.add(_RUNS, "AWS::IAM::Role", {
            "AssumeRolePolicyDocument": trust([_TASKS], _ASSUME), "Policies": policies,
            "ManagedPolicyArns": _granted(template.service, written, "managedPolicies", "iamManagedPolicies"),
            "Tags": _listed(tags),
        }, place)  # fmt: skip


def _granted(service: Service, written: Mapping[str, Any], of_role: str, key: str) -> list[Any]:
    role = as_map(as_map(service.provider.get("iam")).get("role"))
    return [*as_list(role.get(of_role)), *as_list(service.provider.get(key)), *as_list(written.get(key))]


def _task(template: Template, written: Mapping[str, Any], name: Any, task: Mapping[str, Any], place: Place) -> None:
    service, base = template.service, _identifier(js_text(name))
    own, shared = as_map(task.get("cloudFormationResource")), as_map(written.get("cloudFormationResource"))
    changed = {key: {**as_map(shared.get(key)), **as_map(own.get(key))} for key in ("task", "service")}
    tags = _listed({**_pairs(service.provider, written, "tags"), **as_map(task.get("tags"))})
    template.add(f"{base}Task", "AWS::ECS::TaskDefinition", {
        "Family": name,
        "ExecutionRoleArn": task["executionRoleArn"] or {"Fn::Sub": f"${{{_STARTS}}}"},
        "TaskRoleArn": task["taskRoleArn"] or {"Fn::Sub": f"${{{_RUNS}}}"},
        "Tags": tags,
        **changed["task"],
    }, place)  # fmt: skip
    if task.get("schedule"):
        role = task["executionRoleArn"] or {"Fn::GetAtt": [_STARTS, "Arn"]}
        target = {"Arn": {"Fn::GetAtt": [_CLUSTER, "Arn"]}, "RoleArn": role}
        template.add(f"{base}ScheduledTask", "AWS::Events::Rule", {"Targets": [target]}, place)
    elif task.get("service") is not False:
        properties = {"ServiceName": name, "Tags": tags, **changed["service"]}
        template.add(f"{base}Service", "AWS::ECS::Service", properties, place)


def _identifier(name: str) -> str:
    plain = re.sub(r"[^0-9A-Za-z]", "", name)
    return f"{plain[:1].upper()}{plain[1:]}"


EFFECTS: Final = {"fargate": Effect(extend=_fargate)}
