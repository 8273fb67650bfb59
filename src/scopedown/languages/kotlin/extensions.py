"""Functions and properties of the program that extend types of others
(https://kotlinlang.org/docs/extensions.html)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from scopedown.calls.interpreter import names
from scopedown.calls.machine import Activation, Machine, Native, within
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    TextValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.kotlin.names import EXTENSION
from scopedown.source import ir
from scopedown.source.resolve.units import Unit

_EXTENDS: Final = re.compile(
    rb"(?m)\b(?:fun|val|var)\s+(?:<[^\n(=]*?>\s*)?[\w.]+(?:<[^\n(=]*?>)?\??\.`?([A-Za-z_]\w*)`?\s*(?:<[^\n(]*?>\s*)?[(:\n=]"
)
_KNOWN: Final = "<extensions>"
_TEXTS: Final = frozenset({"String", "CharSequence"})


def extension(run: Machine, value: Value, name: str, place: Place) -> Value | None:
    """What the program adds to a value under a name, bound to it; None where it adds nothing."""
    if name not in _names(run):
        return None
    found = _declared(run, name, place)
    fitting = [one for one in found if _fits(run, one, value)]
    if not fitting:
        return None
    bound = [FunctionValue(one.function, one.frame, value, one.owner) for one in fitting]
    read = [run.enter(one, CallSite((), {}, place)) if one.function.accessor else one for one in bound]
    return join(*read)


def _names(run: Machine) -> Mapping[str, Value]:
    """The names of the extensions of the unit of the running file."""
    key = _KNOWN, run.position.file
    held = run.heap.names.get(key)
    if not isinstance(held, Object):
        unit = run.sources.unit(run.position.file)
        of_unit = _KNOWN, " ".join(unit.roots) if unit is not None else ""
        held = run.heap.names.get(of_unit)
        if not isinstance(held, Object):
            found = unit.once(_KNOWN, lambda: _extending(unit)) if unit is not None else frozenset()
            held = run.heap.names[of_unit] = Object(dict.fromkeys(found, Const(True)))
        run.heap.names[key] = held
    return held.fields


def _extending(unit: Unit) -> frozenset[str]:
    return frozenset(
        match.group(1).decode("utf-8", "replace")
        for file in unit.files
        if file.endswith(".kt")
        for match in _EXTENDS.finditer(unit.text(file))
    )


def _declared(run: Machine, name: str, place: Place) -> list[FunctionValue]:
    """The extensions that a name means in the running file."""
    module = run.heap.modules.get(run.position.file)
    if module is None:
        return []
    own = module.frame.variables.get(name)
    found = own if own is not None else names.of_packages(run, module.frame, name, place)
    functions = [one for one in options(found) if isinstance(one, FunctionValue)] if found is not None else []
    return [one for one in functions if _mark(one) is not None]


def _mark(function: FunctionValue) -> ir.Call | None:
    for one in function.function.annotations:
        if isinstance(one, ir.Call) and isinstance(one.function, ir.Name) and one.function.id == EXTENSION:
            return one
    return None


def _fits(run: Machine, function: FunctionValue, value: Value) -> bool:
    """Whether a value may be of the type that a function extends."""
    mark = _mark(function)
    if mark is None or not mark.positional:
        return True
    typed = mark.positional[0]
    typed = typed.object if isinstance(typed, ir.Index) else typed
    written = typed.id if isinstance(typed, ir.Name) else ""
    if written in _TEXTS and not isinstance(value, Const | TextValue):
        return not isinstance(value, Instance | ClassValue)
    if not isinstance(value, Instance | Native):
        return True
    with within(run, function.frame):
        kinds = options(run.evaluate(Activation(function.frame, False), typed))
    if isinstance(value, Native):  # of a library, and so of no class or object of the program
        return not kinds or not all(isinstance(one, ClassValue | Instance) for one in kinds)
    known = [one for one in kinds if isinstance(one, ClassValue | Native)]
    return not known or any(one is base for one in known for base in value.cls.ancestry())
