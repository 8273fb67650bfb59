"""serverless-plugin-ifelse 1.0.7 (MIT), ``index.js``: parts of the configuration that a condition sets or leaves out.

``custom.serverlessIfElse`` lists items with ``If``, ``Set``, ``Exclude``, ``ElseSet`` and ``ElseExclude``, or with
``ExcludeIf`` (a condition for each path). A path names keys with dots between them; one without a dot does nothing.
What JavaScript gives an error for is left as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode, as_list, as_map, child, clone, place_of
from scopedown.project.serverless.conditions import holds
from scopedown.project.serverless.plugin_effects import Effect, Given
from scopedown.project.serverless.service import Service

_PLUGIN: Final = "serverless-plugin-ifelse"
_SECTIONS: Final = ("provider", "functions", "resources", "custom", "package", "layers")
"""The parts of a service that a path may begin with here."""


def _configure(service: Service, given: Given) -> None:
    written = as_list(service.custom.get("serverlessIfElse"))
    for index, item in enumerate(written):
        place = place_of(service.custom["serverlessIfElse"], index) or service.place
        condition = as_map(item).get("If")
        if condition:
            known = _known(service, condition, given, place)
            if known is not None:
                _set(service, item.get("Set" if known else "ElseSet"))
                _exclude(service, item.get("Exclude" if known else "ElseExclude"))
        for path, each in as_map(as_map(item).get("ExcludeIf")).items():
            if _known(service, each, given, place):
                _exclude(service, path)


def _known(service: Service, condition: Any, given: Given, place: Place) -> bool | None:
    found = holds(condition, given)
    if found is None:
        shown = condition if isinstance(condition, str) else str(condition)
        service.unread_plugin(_PLUGIN, f"its condition {shown[:60]} is not known", place)
    return found


def _set(service: Service, values: Any) -> None:
    for path, value in as_map(values).items():
        holder, key = _holder(service, path)
        if isinstance(holder, dict):
            holder[key] = clone(value)
            if isinstance(holder, MapNode) and (place := place_of(values, path)) is not None:
                holder.keys_at[key] = holder.values_at[key] = place


def _exclude(service: Service, paths: Any) -> None:
    for path in paths if isinstance(paths, list) else [paths]:
        if not isinstance(path, str):
            continue
        holder, key = _holder(service, path)
        if isinstance(holder, dict):
            holder.pop(key, None)
        elif isinstance(holder, ListNode) and key != "length" and child(holder, key) is not None:
            holder[int(key)] = None  # JavaScript leaves a hole there


def _holder(service: Service, path: str) -> tuple[Any, str]:
    """What holds the last name of a path, and that name; None where nothing does."""
    first, *names = path.split(".")
    if not names or first not in _SECTIONS:
        return None, ""
    *names, last = names
    holder: Any = getattr(service, first)
    for name in names:
        holder = child(holder, name) if isinstance(holder, Mapping | list) else None
        if not holder or isinstance(holder, str | Text):
            return None, ""
    return holder, last


EFFECT: Final = Effect(configure=_configure, settings="serverlessIfElse")
