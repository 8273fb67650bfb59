"""Kotlin's scope functions, and what runs a lambda with an object as ``this``
(https://kotlinlang.org/docs/scope-functions.html)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, FunctionValue, Instance, Sequence, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.java.holders import Entry
from scopedown.languages.java.natives import NOTHING, Function, bound, first_of, is_null

Scoped = Callable[[Value, CallSite, Machine], Value]


def with_this(run: Machine, function: Value, this: Value, positional: tuple[Value, ...], place: Place) -> Value:
    """Call a function that gets an object as ``this``; other functions get it as their first argument."""
    found: list[Value] = []
    for option in options(function):
        if isinstance(option, FunctionValue) and option.function.receiver == "lexical":
            own = FunctionValue(option.function, option.frame, this, option.owner)
            given = positional or ((this,) if len(option.function.parameters) == 1 else ())
            found.append(run.call(own, given, place))
        else:
            found.append(run.call(option, (this, *positional), place))
    return join(*found)


def _let(value: Value, site: CallSite, run: Machine) -> Value:
    return NOTHING if is_null(value) else run.call(_last(site), (value,), site.place)


def _also(value: Value, site: CallSite, run: Machine) -> Value:
    if not is_null(value):
        run.call(_last(site), (value,), site.place)
    return value


def _apply(value: Value, site: CallSite, run: Machine) -> Value:
    if not is_null(value):
        with_this(run, _last(site), value, (), site.place)
    return value


def _run(value: Value, site: CallSite, run: Machine) -> Value:
    return NOTHING if is_null(value) else with_this(run, _last(site), value, (), site.place)


def _take(value: Value, site: CallSite, run: Machine) -> Value:
    run.call(_last(site), (value,), site.place)
    return value


def _pair(value: Value, site: CallSite, run: Machine) -> Value:
    return Sequence([value, first_of(site)])


def _same(value: Value, site: CallSite, run: Machine) -> Value:
    return value


def _last(site: CallSite) -> Value:
    return site.positional[-1] if site.positional else NOTHING


FUNCTIONS: Final[Mapping[str, Scoped]] = {
    "let": _let, "also": _also, "apply": _apply, "run": _run, "takeIf": _take, "takeUnless": _take, "use": _let,
    "useLines": _let, "to": _pair, "await": _same, "runCatching": _run, "asFlow": _same, "awaitAll": _same,
}  # fmt: skip
"""Functions that every value has; a result that is caught (``runCatching``) is the value itself."""


def scope_function(value: Value, name: str) -> Function | None:
    """One of the functions that every value has."""
    body = FUNCTIONS.get(name)
    return None if body is None else bound(value, name, lambda site, run: body(value, site, run))


def component(run: Machine, value: Value, at: int, place: Place) -> Value:
    """A part of a value that is taken apart: of a list, a pair, an entry, an object of a data class."""
    found: list[Value] = []
    for option in options(value):
        if is_null(option):
            continue
        if isinstance(option, Entry):
            found.append((option.key, option.value)[at] if at < 2 else NOTHING)
        elif isinstance(option, Instance):
            found.append(_of_instance(run, option, at, place))
        else:
            found.append(members.index(run, option, Const(at), place))
    return join(*found)


def _of_instance(run: Machine, value: Instance, at: int, place: Place) -> Value:
    own = members.member_of_class(run, value.cls, f"component{at + 1}", value, place)
    if own is not None:
        return run.call(own, (), place)
    constructor = value.cls.fields.get("constructor")
    parameters = constructor.function.parameters if isinstance(constructor, FunctionValue) else ()
    name = parameters[at].name if at < len(parameters) else None
    return members.attribute(run, value, name, place) if name is not None else NOTHING
