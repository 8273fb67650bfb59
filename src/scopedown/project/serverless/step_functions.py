"""The plugin serverless-step-functions: state machines, the roles that they assume, and activities.

``stepFunctions.stateMachines`` becomes a state machine each, with a role that its tasks need unless it names one. The
API that starts machines is compiled in :mod:`~.events.http_state_machines`, their schedules and rules in
:mod:`~.step_functions_events`, alarms and notifications in :mod:`~.step_functions_notices`. Source:
serverless-step-functions 3.21.1 (MIT) ``lib/deploy/stepFunctions`` and ``lib/naming.js``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.names import concat, function_id, normalized
from scopedown.project.serverless.policies import policy, trust
from scopedown.project.serverless.step_functions_events import compile_events
from scopedown.project.serverless.step_functions_notices import compile_notices
from scopedown.project.serverless.step_functions_permissions import statements_of_machine
from scopedown.project.serverless.template import Template

PLUGIN: Final = "serverless-step-functions"


def compile_state_machines(template: Template) -> None:
    """Everything that the section ``stepFunctions`` makes, where the plugin is loaded."""
    service = template.service
    section = as_map(service.step_functions)
    if not service.has_plugin(PLUGIN):
        return
    machines = section.get("stateMachines")
    for key, machine in as_map(machines).items():
        if isinstance(machine, Mapping):
            _machine(template, key, machine, service.place_in(machines, key))
    for activity in as_list(section.get("activities")):
        name = activity if isinstance(activity, str) else js_text(activity)
        id = f"{normalized(name)}StepFunctionsActivity"
        place = service.place_in(section, "activities")
        template.add(id, "AWS::StepFunctions::Activity", {"Name": name}, place)


def _machine(template: Template, key: str, machine: Mapping[str, Any], place: Place) -> None:
    service = template.service
    custom = machine.get("id") or machine.get("name")
    id = normalized(str(custom)) if custom else f"{normalized(key)}StepFunctionsStateMachine"
    if machine.get("role"):
        role = machine["role"]
    else:
        role = {"Fn::GetAtt": [f"{id}Role", "Arn"]}
        _role(template, f"{id}Role", key, machine, place)
    tags = {} if machine.get("inheritGlobalTags") is False else dict(as_map(service.provider.get("tags")))
    listed = [(name, value) for each in (tags, as_map(machine.get("tags"))) for name, value in each.items()]
    properties = {
        "DefinitionString": _definition(template, machine.get("definition")),
        "RoleArn": role,
        "Tags": [{"Key": name, "Value": js_text(value) if value else ""} for name, value in listed] or None,
        "StateMachineName": machine.get("name") or None,
    }  # fmt: skip
    more = machine.get("dependsOn") or []
    depends = [*([] if machine.get("role") else [f"{id}Role"]), *(more if isinstance(more, list) else [more])]
    template.add(
        id, "AWS::StepFunctions::StateMachine", properties, place,
        DeletionPolicy="Retain" if machine.get("retain") else None, DependsOn=depends or None,
    )  # fmt: skip
    compile_notices(template, key, machine, id)
    compile_events(template, key, machine, id)


def _role(template: Template, id: str, key: str, machine: Mapping[str, Any], place: Place) -> None:
    service = template.service

    def local(value: Any) -> Any:
        return _local(template, value)

    def unknown(resource: Any) -> None:
        service.tell(
            "task-unknown", f"{PLUGIN} adds no permission for the task {_shown(resource)} of the state machine {key}",
            place, "add the permission to the state machine's iamRoleStatements", Severity.NOTE,
        )  # fmt: skip

    name = machine.get("name") or key
    statements = statements_of_machine(machine, str(name), local, unknown)
    properties = {
        "AssumeRolePolicyDocument": trust({"Fn::Sub": "states.${AWS::Region}.amazonaws.com"}),
        "Policies": [policy(concat(f"{service.stage}-", service.name, "-statemachine"), *statements)],
        "PermissionsBoundary": service.provider.get("rolePermissionsBoundary"),
    }
    template.add(id, "AWS::IAM::Role", properties, place)


def _shown(resource: Any) -> str:
    return resource if isinstance(resource, str) else str(js_text(resource))[:60]


# Definitions


def _definition(template: Template, written: Any) -> Any:
    """A definition with its references to functions by their keys as ones to resources: what it says is not read."""
    if isinstance(written, str):
        return {"Fn::Sub": re.sub(r"#{([^}]+)}", r"${\1}", written)} if "#{" in written else written
    if isinstance(written, list):
        return [_definition(template, item) for item in written]
    if not isinstance(written, Mapping):
        return written
    if any(key == "Ref" or key.startswith("Fn::") for key in written):
        return _local(template, written)
    return {key: _definition(template, item) for key, item in written.items()}


def _local(template: Template, value: Any) -> Any:
    """A reference by a function's key as one to the function's resource."""

    def translated(name: Any) -> Any:
        if isinstance(name, str) and name not in template.resources and name in template.service.functions:
            return function_id(name)
        return name

    if isinstance(value, Mapping) and "Ref" in value:
        return {"Ref": translated(value["Ref"])}
    if isinstance(value, Mapping) and "Fn::GetAtt" in value:
        target = value["Fn::GetAtt"]
        parts = target.split(".", 1) if isinstance(target, str) else as_list(target)
        return {"Fn::GetAtt": [translated(parts[0]), *parts[1:2]]} if parts else value
    return value
