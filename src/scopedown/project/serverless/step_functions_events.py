"""What starts state machines by a schedule or a rule, and the roles that may start them.

Source: serverless-step-functions 3.21.1 (MIT) ``lib/deploy/events/schedule`` and ``lib/deploy/events/cloudWatchEvent``;
the http events of machines stand in :mod:`~.events.http_state_machines`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, place_of
from scopedown.project.serverless.names import Name, concat, normalized
from scopedown.project.serverless.policies import allowed, policy, trust
from scopedown.project.serverless.service import is_text
from scopedown.project.serverless.template import Template


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
            service.tell(
                "event-without-pattern", f"a rule of the state machine {key} has no event pattern", place,
                "set the event that the rule matches",
            )  # fmt: skip


def _schedule(template: Template, key: str, id: str, written: Any, number: int, place: Place) -> None:
    settings = written if isinstance(written, Mapping) else {"rate": written}
    rate = settings.get("rate")
    if not is_text(rate) or not rate:
        template.service.tell(
            "schedule-without-rate",
            f"a schedule of the state machine {key} has no rate",
            place,
            "set its rate, for instance rate(5 minutes)",
        )
        return
    by_scheduler = settings.get("method") == "scheduler"
    role_id = f"{normalized(key)}ScheduleToStepFunctionsRole"
    role = settings.get("role") or {"Fn::GetAtt": [role_id, "Arn"]}
    properties: dict[str, Any] = {"Name": settings.get("name") or None}
    target = {"Arn": {"Ref": id}, "RoleArn": role}
    if by_scheduler:
        properties["Target"] = target
        schedule_id = f"{normalized(key)}StepFunctionsSchedulerSchedule{number}"
        template.add(schedule_id, "AWS::Scheduler::Schedule", properties, place)
    else:
        properties["Targets"] = [target]
        template.add(
            f"{normalized(key)}StepFunctionsEventsRuleSchedule{number}", "AWS::Events::Rule", properties, place
        )
    if not settings.get("role"):
        caller = "scheduler.amazonaws.com" if by_scheduler else "events.amazonaws.com"
        boundary = template.service.provider.get("rolePermissionsBoundary")
        _role(template, role_id, id, caller, _policy_name(template, key, "schedule"), boundary, place)


def _rule(template: Template, key: str, id: str, settings: Mapping[str, Any], number: int, place: Place) -> None:
    role_id = f"{normalized(key)}EventToStepFunctionsRole"
    role = settings.get("iamRole") or {"Fn::GetAtt": [role_id, "Arn"]}
    properties = {
        "EventBusName": settings.get("eventBusName") or None,
        "Name": settings.get("name") or None,
        "Targets": [{"Arn": {"Ref": id}, "RoleArn": role}],
    }
    template.add(f"{normalized(key)}EventsRuleCloudWatchEvent{number}", "AWS::Events::Rule", properties, place)
    if not settings.get("iamRole"):
        _role(template, role_id, id, "events.amazonaws.com", _policy_name(template, key, "event"), None, place)


def _policy_name(template: Template, key: str, kind: str) -> Name:
    service = template.service
    name: str | Text = service.name
    return concat(f"{service.stage}-{service.region}-", name, f"-{key}-{kind}")


def _role(template: Template, role_id: str, machine: str, caller: str, name: Name, boundary: Any, place: Place) -> None:
    """A role by which ``caller`` starts a machine."""
    properties = {
        "AssumeRolePolicyDocument": trust(caller),
        "Policies": [policy(name, allowed(["states:StartExecution"], {"Ref": machine}))],
        "PermissionsBoundary": boundary,
    }
    template.add(role_id, "AWS::IAM::Role", properties, place)
