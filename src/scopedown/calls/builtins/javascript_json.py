"""``JSON``: text that is parsed again is what it was made of."""

from __future__ import annotations

import json
from dataclasses import dataclass

from scopedown.calls.builtins.javascript_native import (
    NOTHING,
    JavaScriptNative,
    given,
)
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, FunctionValue, Instance, Null, Object, UnknownValue, Value, options
from scopedown.calls.values.from_json import from_data
from scopedown.core.place import Place

_LARGE = 100_000
"""JSON text longer than this is not read."""


@dataclass(frozen=True, slots=True, eq=False)
class JsonText(JavaScriptNative):
    """What ``JSON.stringify`` makes: parsed again it is the value that it was made of."""

    label = "JSON text"
    value: Value

    def missing(self, name: str, place: Place) -> Value:
        """A piece of it is only text."""
        return UnknownValue("JSON text", place)


def parse(site: CallSite, run: Machine) -> Value:
    """``JSON.parse(text)``."""
    value, revive = site.argument(0), site.argument(1)
    if revive is not None and given(revive):
        run.call(revive, (UnknownValue("a key"), UnknownValue("parsed JSON")), site.place)
    if isinstance(value, JsonText):
        return value.value
    if isinstance(value, Const) and isinstance(value.value, str) and len(value.value) < _LARGE:
        try:
            return from_data(json.loads(value.value), Null())
        except (ValueError, RecursionError):
            return UnknownValue("text that is not JSON", site.place)
    reason = value.reason if isinstance(value, UnknownValue) else "parsed JSON"
    return UnknownValue(reason, site.place)


def stringify(site: CallSite, run: Machine) -> Value:
    """``JSON.stringify(value)``."""
    value, replacer = site.argument(0) or NOTHING, site.argument(1)
    if replacer is not None and given(replacer):
        run.call(replacer, (UnknownValue("a key"), value), site.place)
    if isinstance(value, Const) and value.value is None and not isinstance(value, Null):
        return NOTHING
    if isinstance(value, Const | UnknownValue):
        return value if isinstance(value, UnknownValue) else Const(json.dumps(value.value))
    for option in options(value):
        has = option.fields.get("toJSON") if isinstance(option, Object) else isinstance(option, Instance)
        if has and isinstance(method := run.attribute(option, "toJSON", site.place), FunctionValue):
            run.call(method, (), site.place)
    return JsonText(value)
