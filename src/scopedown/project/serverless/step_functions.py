"""The plugin serverless-step-functions: state machines, the roles that they assume, and activities.

``stepFunctions.stateMachines`` becomes a state machine each, with a role that its tasks need unless it names one. The
API that starts machines is compiled in :mod:`~.events.http_state_machines`, alarms and notifications in
:mod:`~.step_functions_notices`. Source:
serverless-step-functions 3.21.1 (MIT) ``lib/deploy/stepFunctions`` and ``lib/naming.js``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.names import function_id, normalized
from scopedown.project.serverless.service import PLUGIN_STEP_FUNCTIONS, is_text
from scopedown.project.serverless.step_functions_notices import compile_notices
from scopedown.project.serverless.step_functions_permissions import statements_of_machine
from scopedown.project.serverless.template import Template

# What starts state machines by a schedule or a rule, and the roles that may start them.
# Source: serverless-step-functions 3.21.1 (MIT) ``lib/deploy/events/{schedule,cloudWatchEvent}``.


FILE: Final = "step_functions.yml"


def compile_events(template: Template, key: str, machine: Mapping[str, Any], id: str) -> None:
    """The schedules and rules of one machine, whose logical id is ``id``."""
    service = template.service
    schedules = rules = 0
    events = machine.get("events")
    for index, event in enumerate(as_list(events)):
        if not isinstance(event, Mapping):
            continue
        place = place_of(events, index) or service.place
        rule = event.get("cloudwatchEvent") or event.get("eventBridge")
        if event.get("schedule"):
            schedules += 1
            _schedule(template, key, id, event["schedule"], schedules, place)
        if isinstance(rule, Mapping) and rule.get("event"):
            rules += 1
            _rule(template, key, id, rule, rules, place)
        elif rule:
            service.report("event-without-pattern", place, key=key)


def _schedule(template: Template, key: str, id: str, written: Any, number: int, place: Place) -> None:
    settings = written if isinstance(written, Mapping) else {"rate": written}
    rate = settings.get("rate")
    if not is_text(rate) or not rate:
        template.service.report("schedule-without-rate", place, key=key)
        return
    by_scheduler = settings.get("method") == "scheduler"
    caller = "scheduler.amazonaws.com" if by_scheduler else "events.amazonaws.com"
    fragment = "schedule of scheduler" if by_scheduler else "schedule"
    boundary = template.service.provider.get("rolePermissionsBoundary")
    _start(template, key, fragment, place, id=id, number=number, name=settings.get("name") or None, caller=caller,
        role=settings.get("role"), starting="ScheduleToStepFunctionsRole", kind="schedule", boundary=boundary,
    )  # fmt: skip


def _rule(template: Template, key: str, id: str, settings: Mapping[str, Any], number: int, place: Place) -> None:
    _start(template, key, "rule", place, id=id, number=number, name=settings.get("name") or None,
        bus=settings.get("eventBusName") or None, caller="events.amazonaws.com", role=settings.get("iamRole"),
        starting="EventToStepFunctionsRole", kind="event", boundary=None,
    )  # fmt: skip


def _start(template: Template, key: str, fragment: str, place: Place, **values: Any) -> None:
    """Add what starts a machine, and the role by which it does, unless the settings name one."""
    service, machine = template.service, normalized(key)
    named, starting = values["role"], f"{machine}{values['starting']}"
    values |= {"Machine": machine, "starting": starting, "role": named or {"Fn::GetAtt": [starting, "Arn"]}}
    template.add_fragment(FILE, fragment, place, **values)
    if not named:
        given = {"stage": service.stage, "region": service.region, "service": service.name, "key": key}
        template.add_fragment(FILE, "starting role", place, **given, **values)


def compile_state_machines(template: Template) -> None:
    """Everything that the section ``stepFunctions`` makes, where the plugin is loaded."""
    service = template.service
    section = as_map(service.step_functions)
    machines = section.get("stateMachines")
    for key, machine in as_map(machines).items():
        if isinstance(machine, Mapping):
            _machine(template, key, machine, service.place_in(machines, key))
    for activity in as_list(section.get("activities")):
        name = activity if isinstance(activity, str) else js_text(activity)
        place = service.place_in(section, "activities")
        template.add_fragment(FILE, "activity", place, id=f"{normalized(name)}StepFunctionsActivity", name=name)


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
    more = machine.get("dependsOn") or []
    depends = [*([] if machine.get("role") else [f"{id}Role"]), *(more if isinstance(more, list) else [more])]
    template.add_fragment(
        FILE, "machine", place, id=id, role=role, name=machine.get("name") or None, depends=depends or None,
        tags=[{"Key": name, "Value": js_text(value) if value else ""} for name, value in listed] or None,
        kept="Retain" if machine.get("retain") else None, definition=_definition(template, machine.get("definition")),
    )  # fmt: skip
    compile_notices(template, key, machine, id)
    compile_events(template, key, machine, id)


def _role(template: Template, id: str, key: str, machine: Mapping[str, Any], place: Place) -> None:
    service = template.service

    def local(value: Any) -> Any:
        return _local(template, value)

    def unknown(resource: Any) -> None:
        service.report("task-unknown", place, plugin=PLUGIN_STEP_FUNCTIONS, resource=_shown(resource), key=key)

    statements = statements_of_machine(machine, str(machine.get("name") or key), local, unknown)
    template.add_fragment(
        FILE, "machine role", place, id=id, stage=service.stage, service=service.name, statements=statements,
        boundary=service.provider.get("rolePermissionsBoundary"),
    )  # fmt: skip


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
