"""The event ``schedule`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/schedule.js``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_map
from scopedown.project.model import DeclaredStatement, Event
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.conversions import read_again, string
from scopedown.project.serverless.event_kinds import EventKind, InRoleOfV4, Needs, RoleReader
from scopedown.project.serverless.events.parts.targets import add_rule, target_of
from scopedown.project.serverless.frameworks import goes_on_from_v3
from scopedown.project.serverless.names import function_arn, function_id, normalized
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """EventBridge Scheduler invokes functions by the role that they share."""
    places: dict[str, Place] = {}
    for key, event in _by_scheduler(service):
        places.setdefault(key, event.place)
    if places:
        resources = [function_arn(service.function_name(key), suffix) for key in places for suffix in ("", ":*")]
        yield allow(("lambda:InvokeFunction",), resources, next(iter(places.values())))


def _by_scheduler(service: Service) -> Iterator[tuple[str, Event]]:
    """Events of EventBridge Scheduler (not rules)."""
    for key, event in service.events_of("schedule"):
        if is_of_scheduler(event):
            yield key, event


def is_of_scheduler(event: Event) -> bool:
    """Whether an event is a schedule of EventBridge Scheduler (and not a rule)."""
    settings = as_map(event.settings)
    return settings.get("method") == "scheduler" and bool(settings.get("rate"))


def _statements_alone(alone: Service) -> Iterator[DeclaredStatement]:
    """The same in the role of a single function of v4: the function, once for each event."""
    events = list(_by_scheduler(alone))
    if events:
        resources = [function_arn(alone.function_name(key), end) for key, _ in events for end in ("", ":*")]
        yield allow(("lambda:InvokeFunction",), resources, events[0][1].place)


def _needs(event: Event, read: RoleReader) -> Needs:
    """EventBridge Scheduler assumes the function's role to call it; a rule does not."""
    if as_map(event.settings).get("method") == "scheduler":
        yield ("lambda:InvokeFunction",), read.function_arn()
        yield ("lambda:InvokeFunction",), read.function_arn(":*")


def compile(template: Template) -> None:
    """A rule with its permission, or a schedule of EventBridge Scheduler, for each rate of each event."""
    service = template.service
    for key in service.functions:
        count = 0
        for event in service.events(key):
            if event.kind != "schedule" or not event.settings:
                continue
            settings = event.settings if isinstance(event.settings, Mapping) else {"rate": event.settings}
            rates = settings.get("rate")
            rates = rates if isinstance(rates, list) else [rates]
            for what, remedy in _refusals(settings, rates):
                service.refuse(key, what, event.place, remedy)
            for _ in filter(None, rates):
                count += 1
                if settings.get("method") == "scheduler":
                    _add_schedule(template, key, count, settings, event.place)
                else:
                    name = read_again(string(settings.get("name"))) or None
                    add_rule(template, key, f"EventsRuleSchedule{count}", name, event.place)


def _refusals(settings: Mapping[str, Any], rates: list[Any]) -> Iterator[tuple[str, str]]:
    """What the framework refuses about a schedule, and what to do."""
    scheduler = settings.get("method") == "scheduler"
    if not any(rates):
        yield "it has no rate", "set its rate, for instance rate(5 minutes)"
    if len(rates) > 1 and settings.get("name"):
        yield "several rules would have the same name", "leave out name, or write an event for each rate"
    for name in ("inputPath", "inputTransformer") if scheduler else ("timezone", "groupName"):
        if settings.get(name):
            only = "not a setting" if scheduler else "a setting only"
            yield f"{name} is {only} of schedules with method: scheduler", f"leave out {name}, or change the method"


def _add_schedule(template: Template, key: str, count: int, settings: Mapping[str, Any], place: Place) -> None:
    target = target_of(template.service, key)
    role, group = settings.get("roleArn"), settings.get("groupName")
    if goes_on_from_v3(template.service):
        role = group = None  # settings that 3 and 4 do not know
    called = {"Arn": target.arn, "RoleArn": role or _role(template, key)}
    properties = {
        "Target": {name: value for name, value in called.items() if value is not None},
        "Name": string(settings.get("name")),
        "GroupName": group,
    }
    template.add(f"{normalized(key)}SchedulerSchedule{count}", "AWS::Scheduler::Schedule", properties, place)


def _role(template: Template, key: str) -> Any:
    """The role that EventBridge Scheduler assumes where the event names none: the function's."""
    resource = template.resources.get(function_id(key))
    return None if resource is None else resource.properties.get("Role")


KIND: Final = EventKind(
    "schedule",
    10,
    compile=compile,
    statements=statements,
    in_role_of_v4=InRoleOfV4(6, _statements_alone),
    assumes_role=lambda event: "scheduler.amazonaws.com" if is_of_scheduler(event) else None,
    needs=_needs,
    told_by_route=True,
)
