"""What Python's texts have that no row can say: ``format``, and slices."""

from __future__ import annotations

import string
from collections.abc import Iterator
from itertools import count

from scopedown.calls.builtins.builtin_call import Call
from scopedown.calls.builtins.text_effects import cut, describe
from scopedown.calls.interpreter import members
from scopedown.calls.interpreter.operators import concatenate, formatted
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import (
    CallSite,
    Const,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    from_text,
    join,
    options,
)


def format_map(call: Call) -> Value:
    """``"{name}".format_map(fields)``."""
    given = call.argument(0)
    fields = given.fields if isinstance(given, Object) else {}
    complete = isinstance(given, Object) and given.rest is None
    return _format(call.value, CallSite((), fields, call.place, complete), call.run)


def format_text(call: Call) -> Value:
    """``"{}".format(value)``."""
    return _format(call.value, call.site, call.run)


def _format(value: Value, site: CallSite, run: Machine) -> Value:
    if not isinstance(value, Const):
        whole = describe(value.text) if isinstance(value, TextValue) else "a text"
        return UnknownValue(f"text formatted by {whole}", site.place)
    try:
        parts = list(_filled(str(value.value), site, run, count()))
    except ValueError:
        return UnknownValue("result of format()", site.place)
    return concatenate(tuple(parts)) if parts else Const("")


def _filled(template: str, site: CallSite, run: Machine, positions: Iterator[int]) -> Iterator[Value]:
    """The pieces of a template with the arguments put in; ``positions`` are those of fields without a name."""
    for literal, name, spec, conversion in string.Formatter().parse(template):
        yield Const(literal)
        if name is None:
            continue
        root, path = _field(name)
        if root == "" or root.isdigit():
            position = int(root) if root else next(positions)
            found = site.positional[position] if position < len(site.positional) else None
        else:
            found = site.keywords.get(root)
        found = found if found is not None else UnknownValue("a formatted value", site.place)
        for step in path:
            found = run.attribute(found, step, site.place)
        inner: Value = Const(spec or "")
        if spec and "{" in spec:
            inner = concatenate(tuple(_filled(spec, site, run, positions)))
        yield formatted(found, inner, conversion or "")


def _field(name: str) -> tuple[str, list[str]]:
    """``user.name`` or ``user[name]`` as its root and the steps from it."""
    steps = name.replace("[", ".").replace("]", "").split(".")
    return steps[0], steps[1:]


class Slice(Native):
    """``slice(start, stop, step)``; ``known`` where every bound is a known whole number or is not given."""

    __slots__ = ("bounds", "known")

    def __init__(self, values: tuple[Value, ...]) -> None:
        self.known = all(isinstance(value, Const) and not isinstance(value.value, str | float) for value in values)
        padded = values if len(values) > 1 else (Const(None), *values)
        bounds = [
            value.value if isinstance(value, Const) and isinstance(value.value, int) else None for value in padded
        ]
        self.bounds = slice(*bounds[:3]) if bounds else slice(None)


def sliced(call: Call) -> Value:
    """``value[start:stop]`` of a text or a list."""
    bounds, value = call.argument(0), call.value
    if not isinstance(bounds, Slice):
        return members.index(call.run, value, bounds or Const(None), call.place)
    if not isinstance(value, Sequence):
        if bounds.known:
            return cut(value, bounds.bounds, call.site)
        whole = describe(value.text) if isinstance(value, TextValue) else "a text"
        return UnknownValue(f"part of {whole}", call.place)
    if value.rest is None and bounds.known:
        try:
            return Sequence(value.items[bounds.bounds])
        except ValueError:
            return Sequence()
    return Sequence([], value.element())


def to_text(value: Value) -> Value:
    """``str(value)``."""
    known = [formatted(option, Const(""), "") for option in options(value)]
    return join(*(from_text(text) if (text := as_text(one)) is not None else UnknownValue("text") for one in known))


def unbound(name: str) -> Function:
    """``str.lower`` and its like: the text is the first argument."""

    def body(site: CallSite, run: Machine) -> Value:
        if not site.positional:
            return UnknownValue(f"result of str.{name}()", site.place)
        target = run.attribute(site.positional[0], name, site.place)
        return run.call(target, site.positional[1:], site.place)

    return Function(f"str.{name}", body)
