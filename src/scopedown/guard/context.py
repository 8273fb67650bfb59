"""The condition keys that a request sets, as AWS fills them: ``context_keys.tsv``, row by row.

In: a request to one service, and one of the actions that guard it, on one resource. Out: condition key → value, or
values. What a request does not set has no key at all. The caller's own keys (``aws:PrincipalArn`` and its like) are
not of the request: :func:`scopedown.iam.context.derived_context` adds them.

A condition key is set where the service reference lists it for the action (the catalog), or where its row says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from scopedown.catalog.load import catalog
from scopedown.core.tables import typed_rows
from scopedown.guard import context_values
from scopedown.guard.context_values import ApiCall
from scopedown.guard.model import Check
from scopedown.iam.wildcard import matching

Getter = Callable[[ApiCall], object]
LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Row:
    """A condition key, the actions that have it, and where its value comes from, in order."""

    key: str
    actions: tuple[str, ...]
    values: tuple[str, ...]
    source: str

    @property
    def is_family(self) -> bool:
        """Whether the row stands for a key for each name: ``aws:RequestTag/``."""
        return self.key.endswith(("/", ":"))

    def concerns(self, action: str, listed: frozenset[str]) -> bool:
        """Whether ``action``, for which the reference lists these keys, has this one."""
        if self.actions == (LISTED,):
            return self.key.lower() in listed
        return any(matching(pattern)(action) for pattern in self.actions)


@cache
def rows() -> tuple[Row, ...]:
    """The table."""
    return tuple(typed_rows(Path(__file__).with_name("context_keys.tsv"), _row))


def _row(cells: Mapping[str, str]) -> Row:
    return Row(cells["key"], tuple(cells["actions"].split(",")), tuple(cells["value"].split("??")), cells["source"])


def check_of(call: ApiCall, action: str, resource: str, more: Mapping[str, object] | None = None) -> Check:
    """A check of an action on a resource, with the condition keys that the request sets, and ``more``."""
    return Check(action, resource, {**context_of(call, action, resource), **(more or {})})


def context_of(call: ApiCall, action: str, resource: str = "*") -> dict[str, object]:
    """The condition keys of ``action`` that the request sets. Without its HTTP request (a call that did not come over
    HTTP) the keys that only HTTP sets, such as ``aws:SourceIp``, are left out."""
    call = replace(call, action=action, resource=resource)
    found: dict[str, object] = {}
    for key, is_family, getters in _getters(action, frozenset(call.parameters)):
        for getter in getters:
            value = getter(call)
            if value is None or value == [] or value == {}:
                continue
            if not is_family:
                found[key] = value
            elif isinstance(value, Mapping):
                found |= {f"{key}{name}": given for name, given in value.items()}
            break
    return found


@lru_cache(8192)
def _getters(action: str, given: frozenset[str]) -> tuple[tuple[str, bool, tuple[Getter, ...]], ...]:
    """The rows of an action that these parameters can fill."""
    listed = _listed(action)
    found = []
    for row in rows():
        if row.concerns(action, listed):
            getters = tuple(getter for value in row.values if (getter := _getter(value, given)))
            if getters:
                found.append((row.key, row.is_family, getters))
    return tuple(found)


@cache
def _listed(action: str) -> frozenset[str]:
    """The keys that the reference lists for an action or its resources, in lower case, families cut at their name."""
    known = catalog().action(action)
    if known is None:
        return frozenset()
    prefix = action.partition(":")[0]
    types = (catalog().resource_type(prefix, name) for name in known.resource_types)
    keys = [*known.condition_keys, *(key for kind in types if kind for key in kind.condition_keys)]
    return frozenset(key.partition("${")[0].partition("<")[0].lower() for key in keys)


def _getter(value: str, given: frozenset[str]) -> Getter | None:
    if value.startswith("@"):
        return context_values.VALUES[value[1:]]
    if value.startswith("'"):
        return lambda call: value.strip("'")
    if value.startswith("header "):
        name = value.removeprefix("header ")
        return lambda call: call.request.headers.get(name) if call.request is not None else None
    steps = value.replace("[]", "").split(".")
    if steps[0] not in given:
        return None
    return lambda call: _at(call.parameters, steps)


def _at(value: Any, steps: Sequence[str]) -> object:
    """The value at a path as IAM compares it; a list where one stands on the way."""
    for number, step in enumerate(steps):
        if isinstance(value, list | tuple):
            inner = (_at(one, steps[number:]) for one in value)
            flat = (one for found in inner for one in (found if isinstance(found, list) else [found]))
            return list(dict.fromkeys(one for one in flat if one is not None))
        value = value.get(step) if isinstance(value, Mapping) else None
    if isinstance(value, list | tuple):
        return [_scalar(one) for one in value]
    return None if value is None else _scalar(value)


def _scalar(value: Any) -> str:
    """As IAM compares it: booleans in lower case, times as ISO 8601."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(value, datetime) else str(value)
