"""The event ``cloudwatchLog``: a log group passes what fits a filter to the function.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/cloud-watch-log.js``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.finding import Severity
from scopedown.core.text import Text
from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.conversions import one_line, string
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
            if event.kind != "cloudwatchLog" or (read := _read(event.settings)) is None:
                continue
            group, pattern = read
            groups.append(group)
            filters[group] += 1
            if filters[group] == _FILTERS + 1:
                service.tell(
                    "log-group-filters",
                    f"the log group {group} of {key} has more than {_FILTERS} subscription filters",
                    event.place, "subscribe one function and let it forward the events", Severity.ERROR,
                )  # fmt: skip
            properties = {"LogGroupName": group, "FilterPattern": pattern, "DestinationArn": target.arn}
            template.add(
                f"{normalized(key)}LogsSubscriptionFilterCloudWatchLog{len(groups)}", "AWS::Logs::SubscriptionFilter",
                properties, event.place, DependsOn=[permission, target.alias_id] if target.alias_id else [permission],
            )  # fmt: skip
            principal = {"Fn::Join": ["", ["logs.", {"Ref": "AWS::Region"}, ".amazonaws.com"]]}
            source = arn_here("logs", ":log-group:", _common(groups), ":*")
            depends = [target.alias_id] if target.alias_id else None
            add_permission(template, permission, target, principal, event.place, depends=depends, SourceArn=source)


def _read(settings: Any) -> tuple[Name, Name] | None:
    """The log group and the filter of an event."""
    pattern: Any = ""
    group = settings
    if isinstance(settings, Mapping):
        group, pattern = settings.get("logGroup"), string(settings.get("filter")) or ""
    group = string(group)
    if not is_text(group) or not group:
        return None
    return one_line(group), _unescaped(one_line(pattern)) if is_text(pattern) else ""


def _unescaped(pattern: Name) -> Name:
    """A filter without the backslashes before its quotes, where the first quote of all has one."""
    if isinstance(pattern, str) and 0 <= pattern.find("\\") < pattern.find('"'):
        return re.sub(r"\\(\"|\\|')", lambda found: found[1], pattern)
    return pattern


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
