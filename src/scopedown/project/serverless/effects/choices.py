"""Plugins that leave out functions or other parts of the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import ListNode, MapNode, as_list, as_map, child, clone, place_of
from scopedown.project.serverless.conversions import truthy
from scopedown.project.serverless.plugin_effects import Effect, Given
from scopedown.project.serverless.service import Service

# Conditions that plugins write as JavaScript in a configuration: worked out from known values, never run.


_MAX_LENGTH: Final = 5_000


def holds(condition: Any, given: Given) -> bool | None:
    """Whether an expression of JavaScript is true; None where that is not known, or where it is more than that.

    The names of node's own modules and of ``process.env`` mean what they mean in a configuration that is a program.
    """
    if isinstance(condition, bool):
        return condition
    if not isinstance(condition, str) or len(condition) > _MAX_LENGTH:
        return None
    from scopedown.project.programs import programs

    found: bool | None = programs("condition.js").holds(condition, given.files, given.options)
    return found


_DISABLED_PLUGIN: Final = "serverless-disable-functions"


def _disable_functions(service: Service, given: Given) -> None:
    """serverless-disable-functions 1.0.1: functions with a false ``enabled`` are left out (its documentation, and
    runs).
    """
    for key, function in list(service.functions.items()):
        enabled = function.get("enabled", True)
        if isinstance(enabled, Text):
            place = service.place_in(function, "enabled")
            service.unread_plugin(_DISABLED_PLUGIN, f"it is not known whether {key} is enabled", place)
        elif not truthy(enabled):
            del service.functions[key]


_CONDITIONAL_PLUGIN: Final = "serverless-plugin-conditional-functions"


def _conditional_functions(service: Service, given: Given) -> None:
    """serverless-plugin-conditional-functions 1.0.8 (ISC), ``index.js``: functions whose ``enabled`` is false are left
    out.

    ``enabled`` is an expression of JavaScript in a string. A function is kept where it gives an error.
    """
    for key, function in list(service.functions.items()):
        condition = function.get("enabled")
        if not condition:
            continue
        known = holds(condition, given)
        if known is False:
            del service.functions[key]
        elif known is None:
            place = service.place_in(function, "enabled")
            service.unread_plugin(_CONDITIONAL_PLUGIN, f"the condition of {key} is not known", place)


_IFELSE_PLUGIN: Final = "serverless-plugin-ifelse"
_SECTIONS: Final = ("provider", "functions", "resources", "custom", "package", "layers")
"""The parts of a service that a path may begin with here."""


def _ifelse(service: Service, given: Given) -> None:
    """serverless-plugin-ifelse 1.0.7 (MIT), ``index.js``: parts of the configuration that a condition sets or leaves
    out.

    ``custom.serverlessIfElse`` lists items with ``If``, ``Set``, ``Exclude``, ``ElseSet`` and ``ElseExclude``, or with
    ``ExcludeIf`` (a condition for each path). A path names keys with dots between them; one without a dot does nothing.
    What JavaScript gives an error for is left as it is.
    """
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
        service.unread_plugin(_IFELSE_PLUGIN, f"its condition {shown[:60]} is not known", place)
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


EFFECTS: Final = {
    "disable_functions": Effect(configure=_disable_functions),
    "conditional_functions": Effect(configure=_conditional_functions),
    "ifelse": Effect(configure=_ifelse, settings="serverlessIfElse"),
}
