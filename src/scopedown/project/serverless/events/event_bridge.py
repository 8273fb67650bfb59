"""The event ``eventBridge`` (osls 4.3.1, ``lib/plugins/aws/package/compile/events/event-bridge``).

osls compiles every bus and rule itself, whatever ``provider.eventBridge.useCloudFormation`` says; serverless 3 leaves
them to a function of its own where that is false.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.nodes import place_of
from scopedown.project.serverless.events.conversions import boolean, integer, json_text, string
from scopedown.project.serverless.events.source_mapping import pieces
from scopedown.project.serverless.events.targets import add_permission, target_of
from scopedown.project.serverless.names import Name, alphanumeric, concat, normalized
from scopedown.project.serverless.service import Service, as_list, as_map
from scopedown.project.serverless.template import Template


def compile(template: Template) -> None:
    """The buses to create, and a rule with its permission for each event."""
    for key, number, settings, place in _events(template.service):
        _compile_one(template, key, number, settings, place)


def _events(service: Service) -> Iterator[tuple[str, int, Mapping[str, Any], Place]]:
    """Functions' events with their positions (from 1) among all events of the function."""
    for key, function in service.functions.items():
        events = as_list(function.get("events"))
        for index, event in enumerate(events):
            settings = as_map(event).get("eventBridge")
            if isinstance(settings, Mapping) and settings:
                yield key, index + 1, settings, place_of(event, "eventBridge") or service.place_in(events, index)


def _compile_one(template: Template, key: str, number: int, settings: Mapping[str, Any], place: Place) -> None:
    service = template.service
    target = target_of(service, key)
    stub = concat(service.function_name(key), f"-rule-{number}")
    name = string(settings.get("name")) or _shortened(stub, f"rule-{number}")
    bus = string(settings.get("eventBus"))
    bus = None if bus == "default" else bus
    created: str | None = None
    if isinstance(bus, str | Text) and str(bus).startswith("arn"):
        bus = concat(*_joined(pieces(bus, "/")[1:] or [bus]))
    elif isinstance(bus, Text):
        service.tell(
            "event-bus-unknown", f"{key}: whether the event bus exists cannot be told", place,
            "write its name or its ARN out",
        )  # fmt: skip
    elif isinstance(bus, str) and bus:
        created = f"{normalized(bus)}EventBridgeEventBus"
        template.add(created, "AWS::Events::EventBus", {"Name": bus}, place)
    depends = [id for id in (target.alias_id, created) if id]
    properties = {
        "Description": string(settings.get("description")),
        "EventBusName": bus,
        "EventPattern": settings.get("pattern"),
        "Name": name,
        "ScheduleExpression": settings.get("schedule"),
        "State": "DISABLED" if boolean(settings, "enabled") is False else "ENABLED",
        "Targets": [{"Arn": target.arn, "Id": _shortened(concat(name, "-target"), "target"), **_called(settings)}],
    }
    rule = f"{alphanumeric(stub)}EventBridgeRule"
    template.add(rule, "AWS::Events::Rule", properties, place, DependsOn=depends or None)
    path = {"Fn::Join": ["/", ["rule", *([bus] if bus else []), name]]}
    here = [{"Ref": "AWS::Region"}, {"Ref": "AWS::AccountId"}]
    arn = {"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, "events", *here, path]]}
    permission = f"{normalized(key)}EventBridgeLambdaPermission{number}"
    add_permission(template, permission, target, "events.amazonaws.com", place, SourceArn=arn)


def _called(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What a rule's target says beside whom it calls."""
    found: dict[str, Any] = {}
    retry = settings.get("retryPolicy")
    if isinstance(retry, Mapping):
        limits = {
            "MaximumEventAgeInSeconds": integer(retry.get("maximumEventAge")),
            "MaximumRetryAttempts": integer(retry.get("maximumRetryAttempts")),
        }
        found["RetryPolicy"] = {name: value for name, value in limits.items() if value is not None}
    if settings.get("deadLetterQueueArn"):
        found["DeadLetterConfig"] = {"Arn": settings["deadLetterQueueArn"]}
    transformer = as_map(settings.get("inputTransformer"))
    if isinstance(settings.get("input"), Mapping):
        found["Input"] = json_text(settings["input"])
    elif settings.get("inputPath"):
        found["InputPath"] = string(settings["inputPath"])
    elif transformer:
        found["InputTransformer"] = {name[:1].upper() + name[1:]: value for name, value in transformer.items()}
    return found


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
