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
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template, policy

_STARTS: Final = "FargateIamExecutionRole"
_RUNS: Final = "FargateIamTaskRole"
_FOR_ALL: Final = ("executionRoleArn", "taskRoleArn", "architecture")
"""What a task takes from the section, where it says nothing itself."""


def _fargate(template: Template) -> None:
    service = template.service
    written = as_map(service.fargate)
    tasks = {name: as_map(task) for name, task in as_map(written.get("tasks")).items()}
    if not tasks:
        return
    place, tags = service.place_in(written, "tasks"), _pairs(service.provider, written, "tags")
    whole = [_whole(written, task) for task in tasks.values()]
    statements = _granted(service, written, "statements", "iamRoleStatements")
    template.add_fragment(
        "effects/fargate.yml", "shared", place, tags=_listed(tags), cluster=written.get("clusterName"),
        insights=None if written.get("containerInsights") is None else [{"Name": "containerInsights"}],
        group=written.get("logGroupName"), days=written.get("logRetentionInDays"),
        starts=not all(task["executionRoleArn"] for task in whole), runs=not all(task["taskRoleArn"] for task in whole),
        policies=[policy("FargateTaskPolicy", *statements)] if statements else [],
        managed=_granted(service, written, "managedPolicies", "iamManagedPolicies"),
    )  # fmt: skip
    for name, task in tasks.items():
        _task(template, written, task.get("name") or name, _whole(written, task), service.place_in(tasks, name))


def _whole(written: Mapping[str, Any], task: Mapping[str, Any]) -> dict[str, Any]:
    return {**task, **{key: task.get(key) or written.get(key) for key in _FOR_ALL}}


def _pairs(provider: Mapping[str, Any], written: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {**as_map(provider.get(key)), **as_map(written.get(key))}


def _listed(values: Mapping[str, Any], key: str = "Key") -> list[dict[str, Any]]:
    return [{key: name, "Value": value} for name, value in values.items()]


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
        template.add_fragment("effects/fargate.yml", "scheduled", place, base=base, role=role)
    elif task.get("service") is not False:
        properties = {"ServiceName": name, "Tags": tags, **changed["service"]}
        template.add(f"{base}Service", "AWS::ECS::Service", properties, place)


def _identifier(name: str) -> str:
    plain = re.sub(r"[^0-9A-Za-z]", "", name)
    return f"{plain[:1].upper()}{plain[1:]}"


EFFECTS: Final = {"fargate": Effect(extend=_fargate)}
