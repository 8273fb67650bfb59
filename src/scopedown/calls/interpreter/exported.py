"""A handler's symbol among what its module exports, as Python and Node.js find it."""

from __future__ import annotations

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine
from scopedown.calls.values import Const, ModuleValue, Object, UnknownValue, Value


def exported(run: Machine, file: str, symbol: str) -> Value | None:
    """The value of a dotted symbol (``api.handler``); None where the module has none."""
    module = run.heap.modules[file]
    value: Value = run.language(module.frame.language).exports(module)
    for position, name in enumerate(symbol.split(".")):
        if isinstance(value, ModuleValue):
            found = value.frame.variables.get(name)
        elif isinstance(value, Object):
            found = value.fields.get(name, value.rest)
            if found is None and position == 0:
                default = value.fields.get("default")
                found = default.fields.get(name) if isinstance(default, Object) else None
            found = None if found is None else members.bind(run, found, value, run.sources.place(file))
        else:
            found = members.attribute(run, value, name, run.sources.place(file))
        if found is None or (isinstance(found, Const) and found.value is None):
            star = run.heap.modules[file].frame.variables.get("*")
            return UnknownValue("an export that scopedown did not read") if star is not None else None
        value = found
    return value
