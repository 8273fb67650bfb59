"""An event in a few words: what sends it, and what tells it from others of the same sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scopedown.core.text import Att, Ref, Text, Unknown
from scopedown.project.intrinsics import Scope, is_intrinsic, to_text
from scopedown.project.model import Event, Project
from scopedown.project.serverless.event_kinds import event_kind

_SENDERS = ("arn", "bucket", "topicName", "queue", "stream", "pool", "topic", "broker", "bootstrapServers", "cluster")
_ROUTES = (("method", "path"), ("route",), ("rate",), ("schedule",), ("sql",), ("pattern",), ("event",), ("type",))
_CUT = 80


@dataclass(frozen=True, slots=True)
class Told:
    """``group`` is equal for events of one sender; ``detail`` is the route, the rate, or empty."""

    group: object
    kind: str
    label: str
    detail: str

    def __str__(self) -> str:
        beside = "" if self.label == self.kind else f" {self.label}"
        return f"{self.kind}{beside}" + (f": {self.detail}" if self.detail else "")


def told(event: Event, project: Project) -> Told:
    """An event of a project."""
    settings = event.settings
    of_kind = event_kind(event.kind)
    kind = of_kind.shown
    if not isinstance(settings, Mapping) or is_intrinsic(settings):
        if of_kind.told_by_route:
            return Told((event.kind, ""), kind, kind, _short(settings, project))
        name = _short(settings, project)
        return Told((event.kind, name), kind, name or kind, "")
    sender = next((_short(settings[name], project) for name in _SENDERS if settings.get(name) is not None), "")
    detail = ""
    for names in _ROUTES:
        found = [_short(settings[name], project) for name in names if settings.get(name) is not None]
        if found:
            detail = " ".join([found[0].upper(), *found[1:]] if names[0] == "method" else found)
            break
    return Told((event.kind, sender), kind, sender or kind, detail)


def _short(value: Any, project: Project) -> str:
    """A value on one line: what is declared by its name, ``?`` for what is not known, a long value cut."""
    if value is None or isinstance(value, bool):
        return ""
    text = value if isinstance(value, Text) else None
    if isinstance(value, Mapping) and is_intrinsic(value):
        text = to_text(value, Scope.of(project))
    if text is not None:
        only = text.parts[0] if len(text.parts) == 1 else None
        if isinstance(only, Ref | Att):
            return only.id
        shown = str(text.replace(lambda part: "?" if isinstance(part, Unknown) else part))
    elif isinstance(value, list | tuple):
        shown = ", ".join(_short(one, project) for one in value)
    elif isinstance(value, Mapping):
        shown = ", ".join(f"{key}: {_short(item, project)}" for key, item in value.items())
    else:
        shown = str(value)
    return shown if len(shown) <= _CUT else f"{shown[: _CUT - 1]}…"
