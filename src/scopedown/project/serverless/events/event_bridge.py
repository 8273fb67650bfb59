"""The event ``eventBridge`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/event-bridge``).

osls compiles every bus and rule itself, whatever ``provider.eventBridge.useCloudFormation`` says; serverless 3.40.0
leaves them to a function of its own where that is false.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.project.model import DeclaredStatement, Event, Tree
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.conversions import (
    boolean,
    string,
    truthy,
)
from scopedown.project.serverless.event_kinds import EventKind, OwnFunction
from scopedown.project.serverless.events.parts.source_mapping import pieces
from scopedown.project.serverless.events.parts.targets import add_custom, add_permission, target_of
from scopedown.project.serverless.frameworks import goes_on_from_v3
from scopedown.project.serverless.names import Name, alphanumeric, concat, function_id, normalized
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

_OWN_FUNCTION: Final = "custom-resource-event-bridge"


def compile(template: Template) -> None:
    """The buses to create, and a rule with its permission for each event."""
    custom = _uses_own_function(template.service)
    for key, number, settings, place in _events(template.service):
        for what, remedy in _refusals(settings, custom):
            template.service.refuse(key, what, place, remedy)
        if custom:
            _add_custom(template, key, number, place)
        else:
            _add_rule(template, key, number, settings, place)


def _own_function_statements(service: Service) -> list[DeclaredStatement]:
    """What serverless 3's own function for buses and rules must be allowed; nothing where there is none."""
    events = list(_events(service)) if _uses_own_function(service) else []
    if not events:
        return []
    found = []
    place = events[0][3]
    for _, _, settings, at in events:
        bus = string(settings.get("eventBus"))
        if bus and bus != "default":
            actions = ("events:CreateEventBus", "events:DeleteEventBus")
            found.append(allow(actions, _here("events", "event-bus/*"), at))
            break
    rules = ("events:PutRule", "events:RemoveTargets", "events:PutTargets", "events:DeleteRule")
    found.append(allow(rules, _here("events", "rule/*"), place))
    return [*found, allow(("lambda:AddPermission", "lambda:RemovePermission"), _here("lambda", "function", "*"), place)]


def _refusals(settings: Mapping[str, Any], custom: bool) -> Iterator[tuple[str, str]]:
    """What the framework refuses about an event, and what to do."""
    if sum(truthy(settings.get(name)) for name in ("input", "inputPath", "inputTransformer")) > 1:
        yield "it has more than one of input, inputPath and inputTransformer", "keep one of them"
    if custom and isinstance(settings.get("eventBus"), Mapping):
        yield "its eventBus is an intrinsic function", "set provider.eventBridge.useCloudFormation: true"
    for name in ("retryPolicy", "deadLetterQueueArn") if custom else ():
        if truthy(settings.get(name)):
            yield f"it has {name}", "set provider.eventBridge.useCloudFormation: true"


def _uses_own_function(service: Service) -> bool:
    options = service.provider.get("eventBridge")
    return goes_on_from_v3(service) and isinstance(options, Mapping) and not boolean(options, "useCloudFormation")


def _here(service: str, *resource: Any) -> dict[str, Any]:
    """An ARN of the stack's own account and region."""
    here = [{"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}]
    return {"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, service, *here, *resource]]}


def _add_custom(template: Template, key: str, number: int, place: Place) -> None:
    """A rule that serverless 3's own function makes, with its bus and its permission."""
    id = f"{normalized(key)}CustomEventBridge{number}"
    add_custom(template, id, "Custom::EventBridge", function_id(_OWN_FUNCTION), place)


def _events(service: Service) -> Iterator[tuple[str, int, Mapping[str, Any], Place]]:
    """Functions' events with their positions (from 1) among all events of the function."""
    for key, function in service.functions.items():
        events = as_list(function.get("events"))
        for index, event in enumerate(events):
            settings = as_map(event).get("eventBridge")
            if isinstance(settings, Mapping) and settings:
                yield key, index + 1, settings, place_of(event, "eventBridge") or service.place_in(events, index)


def _add_rule(template: Template, key: str, number: int, settings: Mapping[str, Any], place: Place) -> None:
    service = template.service
    target = target_of(service, key)
    stub = concat(service.function_name(key), f"-rule-{number}")
    name = string(settings.get("name")) or _shortened(stub, f"rule-{number}")
    bus = string(settings.get("eventBus"))
    bus = None if bus == "default" else bus
    if isinstance(bus, str | Text) and str(bus).startswith("arn"):
        bus = concat(*_joined(pieces(bus, "/")[1:] or [bus]))
    elif isinstance(bus, Text):
        service.report("event-bus-unknown", place, key=key)
    elif isinstance(bus, str) and bus:
        template.add(f"{normalized(bus)}EventBridgeEventBus", "AWS::Events::EventBus", {"Name": bus}, place)
    properties = {"EventBusName": bus, "Name": name, "Targets": [{"Arn": target.arn}]}
    template.add(f"{alphanumeric(stub)}EventBridgeRule", "AWS::Events::Rule", properties, place)
    if goes_on_from_v3(service) and settings.get("eventBus") == "default":
        bus = "default"
    arn = _here("events", {"Fn::Join": ["/", ["rule", *([bus] if bus else []), name]]})
    permission = f"{normalized(key)}EventBridgeLambdaPermission{number}"
    add_permission(template, permission, target, "events.amazonaws.com", place, SourceArn=arn)


def _joined(parts: list[Name]) -> Iterator[Name]:
    """Parts of a path with the slashes between them."""
    for index, part in enumerate(parts):
        yield concat("/", part) if index else part


def _shortened(name: Name, suffix: str) -> Name:
    """A name of a rule or a target, cut to EventBridge's 64 characters as the framework cuts it."""
    if not isinstance(name, str) or len(name) <= 64:
        return name
    digest = hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()
    return f"{name[: 31 - len(suffix)]}{digest}-{suffix}"


def _sending(event: Event) -> Iterator[Tree]:
    """The buckets of a pattern of S3's events alone."""
    pattern = as_map(as_map(event.settings).get("pattern"))
    source = pattern.get("source")
    if isinstance(source, list | tuple) and list(source) == ["aws.s3"]:
        tree: Tree = pattern
        for step in ("detail", "bucket", "name"):
            tree = as_map(tree).get(step)
        yield from tree if isinstance(tree, list | tuple) else ()


KIND: Final = EventKind(
    "eventBridge",
    190,
    compile=compile,
    own_function=OwnFunction(_OWN_FUNCTION, "event-bridge/handler.handler", _own_function_statements),
    buckets=_sending,
)
