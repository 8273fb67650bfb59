"""Extension methods: static methods whose first parameter is ``this``, found by their name in the files of a unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from scopedown.calls.machine import Function, Machine
from scopedown.calls.values import CallSite, ClassValue, FunctionValue, Instance, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.csharp.written_types import last_name
from scopedown.source.resolve.units import Unit

_DECLARED = re.compile(rb"\bstatic\b[^;{}()=]{1,200}?\b([A-Za-z_]\w*)\s{0,20}(?:<[^<>()]{0,200}>\s{0,20})?\(\s*this\s")


def method(run: Machine, value: Value, name: str, place: Place) -> Value | None:
    """An extension method of the unit as a member of a value; None where none has the name."""
    found = named(run, name)
    if not found:
        return None
    return Function(name, partial(_call, join(*found), value), value)


def hidden(run: Machine, value: Instance, name: str, place: Place) -> None:
    """The extension methods of a name that a class has too: which of them a call means is not followed."""
    found = named(run, name)
    if not found:
        return
    above = [one for one in value.cls.ancestry() if isinstance(one, ClassValue)]
    names = {one.definition.name for one in above}
    if any(name in one.fields for one in above):
        for function in found:
            if isinstance(function, FunctionValue) and _may_extend(function, names):
                run.escape(function, place)


def _may_extend(function: FunctionValue, names: set[str]) -> bool:
    """Whether the first parameter may be of one of these classes: not, where it is declared as another class."""
    first = function.function.parameters[0].annotation if function.function.parameters else None
    known = last_name(first)
    return known in names or (first is not None and (known[:1] == "I" or len(known) < 3))


def _call(function: Value, value: Value, site: CallSite, run: Machine) -> Value:
    given = CallSite((value, *site.positional), site.keywords, site.place, site.complete)
    return run.call_value(function, given)


def named(run: Machine, name: str) -> list[Value]:
    """The extension methods of a name in the unit of the running code."""
    unit = run.sources.unit(run.position.file) if run.position.file else None
    if unit is None or not name[:1].isupper():
        return []
    declared = unit.once("extensions", lambda: _find(unit))
    found: list[Value] = []
    for file in declared.get(name, ()):
        run.load(file)
        module = run.heap.modules.get(file)
        for held in list(module.frame.variables.values()) if module is not None else ():
            member = held.fields.get(name) if isinstance(held, ClassValue) else None
            found += [] if member is None else [one for one in options(member) if isinstance(one, FunctionValue)]
    return found


def _find(unit: Unit) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for file in unit.files:
        for match in _DECLARED.finditer(unit.text(file)):
            found.setdefault(match.group(1).decode("utf-8", "replace"), {})[file] = None
    return {name: tuple(files) for name, files in found.items()}
