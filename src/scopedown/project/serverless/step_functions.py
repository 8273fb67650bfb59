"""The plugin serverless-step-functions: state machines, the roles that they assume, and activities.

``stepFunctions.stateMachines`` becomes a state machine each, with a role that its tasks need unless it names one. The
API that starts machines is compiled in :mod:`~.events.http_state_machines`, their schedules and rules in
:mod:`~.step_functions_events`, alarms and notifications in :mod:`~.step_functions_notices`. Source:
serverless-step-functions 3.21.1 (MIT) ``lib/deploy/stepFunctions`` and ``lib/naming.js``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, as_map
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.names import concat, function_id, normalized
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
            _machine(template, key, machine, service.place_in(machines, key), section.get("noOutput") is not True)
    for activity in as_list(section.get("activities")):
        name = activity if isinstance(activity, str) else js_text(activity)
        id = f"{normalized(name)}StepFunctionsActivity"
        place = service.place_in(section, "activities")
        template.add(id, "AWS::StepFunctions::Activity", {"Name": name}, place)
        template.outputs[f"{id}Arn"] = {"Description": "Current StateMachine Arn", "Value": {"Ref": id}}


def _machine(template: Template, key: str, machine: Mapping[str, Any], place: Place, output: bool) -> None:
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
    logging, tracing = machine.get("loggingConfig"), machine.get("tracingConfig")
    properties = {
        "DefinitionString": _definition(template, machine, place),
        "RoleArn": role,
        "StateMachineType": machine.get("type"),
        "LoggingConfiguration": {
            "Level": as_map(logging).get("level", "OFF"),
            "IncludeExecutionData": as_map(logging).get("includeExecutionData", False),
            "Destinations": [
                {"CloudWatchLogsLogGroup": {"LogGroupArn": arn}} for arn in as_list(as_map(logging).get("destinations"))
            ],
        } if logging else None,
        "TracingConfiguration": {"Enabled": as_map(tracing).get("enabled", False)} if tracing else None,
        "Tags": [{"Key": name, "Value": js_text(value) if value else ""} for name, value in listed] or None,
        "StateMachineName": machine.get("name") or None,
    }  # fmt: skip
    more = machine.get("dependsOn") or []
    depends = [*([] if machine.get("role") else [f"{id}Role"]), *(more if isinstance(more, list) else [more])]
    template.add(
        id, "AWS::StepFunctions::StateMachine", properties, place,
        DeletionPolicy="Retain" if machine.get("retain") else None, DependsOn=depends or None,
    )  # fmt: skip
    if output:
        template.outputs[f"{id}Arn"] = {
            "Description": "Current StateMachine Arn", "Value": {"Ref": id},
        }  # fmt: skip
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
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": {"Fn::Sub": "states.${AWS::Region}.amazonaws.com"}},
        "Action": "sts:AssumeRole",
    }
    document = {"Version": "2012-10-17", "Statement": statements_of_machine(machine, str(name), local, unknown)}
    properties = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [
            {"PolicyName": concat(f"{service.stage}-", service.name, "-statemachine"), "PolicyDocument": document}
        ],
        "PermissionsBoundary": service.provider.get("rolePermissionsBoundary"),
    }
    template.add(id, "AWS::IAM::Role", properties, place)


def _shown(resource: Any) -> str:
    return resource if isinstance(resource, str) else str(js_text(resource))[:60]


# Definitions


def _definition(template: Template, machine: Mapping[str, Any], place: Place) -> Any:
    """A definition as text; what CloudFormation fills in has a name made of a hash of it."""
    written = machine.get("definition")
    if not written:
        return None
    if isinstance(written, Text):
        return written
    if isinstance(written, str):
        return re.sub(r"\\n|\\r", "", json.dumps(written, ensure_ascii=False))
    found: dict[str, Any] = {}
    seconds: set[str] = set()
    try:
        if template.service.step_functions.get("validate"):
            written = _in_query_language(written, as_map(written).get("QueryLanguage") or "JSONPath")
        plain = _filled(written, found, seconds)
        text = json.dumps(plain, indent=2, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return Text.unknown("the definition has an unknown value", place)
    replaced = re.sub(r"#{([^}]+)}", r"${\1}", text)
    if not found:
        return replaced if replaced == text else {"Fn::Sub": replaced}
    for name in seconds:
        replaced = replaced.replace(f'"${{{name}}}"', f"${{{name}}}")
    values = {name: _local(template, value) for name, value in found.items()}
    if machine.get("useExactVersion") is True:
        values = {name: _versioned(template, value) for name, value in values.items()}
    return {"Fn::Sub": [replaced, values]}


def _in_query_language(value: Any, language: Any) -> Any:
    """A copy in which every state names its query language: what validating a definition (``validate``) leaves."""
    if isinstance(value, list):
        return [_in_query_language(item, language) for item in value]
    if not isinstance(value, Mapping):
        return value
    copy = {key: _in_query_language(item, language) for key, item in value.items()}
    if isinstance(states := copy.get("States"), dict):
        for name, state in states.items():
            if isinstance(state, dict) and not state.get("QueryLanguage"):
                states[name] = {**state, "QueryLanguage": language}
    return copy


def _filled(value: Any, found: dict[str, Any], seconds: set[str]) -> Any:
    """A copy with a name in the place of each intrinsic function; ``found`` gets the functions by name."""

    def named(function: Any) -> str:
        compact = json.dumps(_plain(function), separators=(",", ":"), ensure_ascii=False)
        name = hashlib.md5(compact.encode(), usedforsecurity=False).hexdigest()
        found[name] = function
        return name

    if isinstance(value, list):
        return [f"${{{named(item)}}}" if _calls(item) else _filled(item, found, seconds) for item in value]
    if isinstance(value, Mapping):
        copy: dict[str, Any] = {}
        for key, item in value.items():
            if _calls(item):
                name = named(item)
                copy[key] = f"${{{name}}}"
                if key == "Seconds" and value.get("Type") == "Wait":
                    seconds.add(name)
            else:
                copy[key] = _filled(item, found, seconds)
        return copy
    return _plain(value)


def _calls(value: Any) -> bool:
    return isinstance(value, Mapping) and any(key.startswith("Fn::") or key == "Ref" for key in value)


def _plain(value: Any) -> Any:
    """A value as JSON of JavaScript knows it: whole numbers without a fraction."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    return value


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


def _versioned(template: Template, value: Any) -> Any:
    """A reference to a function as one to its version."""
    target = as_map(value).get("Ref") or (as_list(as_map(value).get("Fn::GetAtt")) or [None])[0]
    for id, resource in template.resources.items():
        if resource.type == "AWS::Lambda::Version" and resource.properties.get("FunctionName") == {"Ref": target}:
            return {"Ref": id}
    return value
