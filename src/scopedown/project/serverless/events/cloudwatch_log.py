"""The event ``cloudwatchLog``: a log group passes what fits a filter to the function.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/cloud-watch-log.js``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.project.serverless.conversions import one_line, string
from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.targets import add_permission, arn_here, target_of
from scopedown.project.serverless.names import Name, concat, normalized
from scopedown.project.serverless.service import is_text
from scopedown.project.serverless.template import Template

_FILTERS: Final = 2
"""So many subscription filters a log group can have."""


def compile(template: Template) -> None:
    """A subscription filter for each event, numbered in each function, and one permission a function."""
    service = template.service
    filters: Counter[Name] = Counter()
    for key in service.functions:
        target = target_of(service, key)
        permission = f"{normalized(key)}LambdaPermissionLogsSubscriptionFilterCloudWatchLog"
        groups: list[Name] = []
        for event in service.events(key):
            if event.kind != "cloudwatchLog" or (group := _group(event.settings)) is None:
                continue
            groups.append(group)
            filters[group] += 1
            if filters[group] == _FILTERS + 1:
                service.report("log-group-filters", event.place, group=group, key=key, filters=_FILTERS)
            id = f"{normalized(key)}LogsSubscriptionFilterCloudWatchLog{len(groups)}"
            properties = {"LogGroupName": group, "DestinationArn": target.arn}
            template.add(id, "AWS::Logs::SubscriptionFilter", properties, event.place)
            principal = {"Fn::Join": ["", ["logs.", {"Ref": "AWS::Region"}, ".amazonaws.com"]]}
            source = arn_here("logs", ":log-group:", _common(groups), ":*")
            add_permission(template, permission, target, principal, event.place, SourceArn=source)


def _group(settings: Any) -> Name | None:
    """The log group of an event."""
    group = string(settings.get("logGroup") if isinstance(settings, Mapping) else settings)
    return one_line(group) if is_text(group) and group else None


def _common(groups: list[Name]) -> Name:
    """What all names of log groups begin with, as a pattern."""
    first, *others = groups
    if not others:
        return first
    common = Text.of(first)
    for other in others:
        common = _shared(common, Text.of(other))
    shown = concat(common)
    return shown if str(shown).endswith("*") else concat(shown, "*")


def _shared(one: Text, other: Text) -> Text:
    """The beginning that two texts have in common; unknown parts are equal to themselves only."""
    parts: list[Any] = []
    for mine, its in zip(one.parts, other.parts, strict=False):
        if mine != its:
            a, b = getattr(mine, "value", None), getattr(its, "value", None)
            if isinstance(a, str) and isinstance(b, str):
                length = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
                parts.append(a[:length])
            break
        parts.append(mine)
    return Text.of(*parts)


KIND: Final = EventKind("cloudwatchLog", 170, compile=compile)
