"""The event ``cloudwatchEvent``: a rule of EventBridge's default bus that calls the function.

The framework writes rules as JSON text and reads that again, which shows in two places: what is written out as ``\\n``
or ``\\r`` is dropped, and quotes of an input are escaped before.
Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/cloud-watch-event.js``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.finding import Severity
from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode, as_map
from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.conversions import boolean, changed, json_text, one_line, string, truthy
from scopedown.project.serverless.events.parts.targets import add_permission, target_of
from scopedown.project.serverless.names import Name, normalized
from scopedown.project.serverless.service import is_text
from scopedown.project.serverless.template import Template


def compile(template: Template) -> None:
    """A rule and its permission for each event, numbered in each function."""
    service = template.service
    for key in service.functions:
        number = 0
        target = target_of(service, key)
        for event in service.events(key):
            settings = event.settings
            if event.kind != "cloudwatchEvent" or not isinstance(settings, Mapping):
                continue
            number += 1
            if sum(truthy(settings.get(name)) for name in ("input", "inputPath", "inputTransformer")) > 1:
                service.tell(
                    "event-inputs", f"a cloudwatchEvent event of {key} has more than one kind of input", event.place,
                    "keep one of input, inputPath and inputTransformer", Severity.ERROR,
                )  # fmt: skip
            calls: dict[str, Any] = {"Arn": target.arn, "Id": f"{key}CloudWatchEvent"}
            if given := settings.get("input"):
                calls["Input"] = _unescaped(_input(given))
            if is_text(path := string(settings.get("inputPath"))) and path:
                calls["InputPath"] = _read_back(one_line(path))
            if transformer := as_map(settings.get("inputTransformer")):
                calls["InputTransformer"] = _transformer(transformer)
            rule = f"{normalized(key)}EventsRuleCloudWatchEvent{number}"
            properties = {
                "EventPattern": _unbroken(settings.get("event")),
                "State": "DISABLED" if boolean(settings, "enabled") is False else "ENABLED",
                "Description": _quoted(settings.get("description")),
                "Name": _quoted(settings.get("name")),
                "Targets": [calls],
            }
            template.add(rule, "AWS::Events::Rule", properties, event.place, DependsOn=target.alias_id)
            add_permission(
                template, f"{normalized(key)}LambdaPermissionEventsRuleCloudWatchEvent{number}", target,
                "events.amazonaws.com", event.place, SourceArn={"Fn::GetAtt": [rule, "Arn"]},
            )  # fmt: skip


def _transformer(written: Mapping[str, Any]) -> dict[str, Any]:
    transformer: dict[str, Any] = {"InputTemplate": string(written.get("inputTemplate"))}
    if isinstance(paths := written.get("inputPathsMap"), Mapping):
        transformer["InputPathsMap"] = {name: string(path) for name, path in paths.items()}
    return transformer


def _input(given: Any) -> Name:
    """An input as text, its quotes escaped as they will stand in JSON."""
    text = string(given)
    if not is_text(text):
        text = json_text(given)
    return changed(text, lambda part: part.replace('"', '\\"'))


def _unescaped(text: Name) -> Name:
    return _read_back(changed(text, _without_breaks))


def _without_breaks(text: str) -> str:
    return re.sub(r"\\n|\\r", "", text)


def _quoted(value: Any) -> Any:
    text = string(value)
    return _read_back(text) if is_text(text) and text else None


def _read_back(text: Name) -> Name:
    """Text that the framework put between quotes and read as JSON; as it is where that fails (it then gives up)."""

    def read(part: str) -> str:
        try:
            return str(json.loads(f'"{part}"'))
        except ValueError:
            return part

    return changed(text, read)


def _unbroken(pattern: Any) -> Any:
    """A pattern without the line breaks in its texts (in JSON they are written out, and dropped)."""
    if isinstance(pattern, MapNode | dict):
        copy = MapNode(pattern, pattern.place) if isinstance(pattern, MapNode) else dict(pattern)
        for name, value in pattern.items():
            copy[name] = _unbroken(value)
        return copy
    if isinstance(pattern, list):
        values = [_unbroken(value) for value in pattern]
        return ListNode(values, pattern.place) if isinstance(pattern, ListNode) else values
    if isinstance(pattern, str | Text):
        return changed(pattern, lambda text: text.replace("\n", "").replace("\r", ""))
    return pattern


KIND: Final = EventKind("cloudwatchEvent", 160, compile=compile)
