"""Methods of Python's text: folded where everything is known, otherwise as much as stays certain."""

from __future__ import annotations

import string
from collections.abc import Iterator
from itertools import count
from typing import Any

from scopedown.calls.builtins.python_known import MAX_TEXT, is_small, worked_out
from scopedown.calls.builtins.python_native import Function, bound, listed
from scopedown.calls.interpreter.operators import concatenate, formatted
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    Const,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    combinations,
    from_text,
    join,
    options,
)
from scopedown.calls.values.text_cuts import certain_pieces
from scopedown.core.text import EnvVar, Literal, Part, Text, Unknown
from scopedown.source.known import NotKnown

_PURE = {
    "capitalize", "casefold", "count", "endswith", "find", "index", "isalnum", "isalpha", "isdigit", "islower",
    "isnumeric", "isspace", "isupper", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace",
    "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip", "swapcase",
    "title", "upper", "center", "expandtabs", "isascii", "isdecimal", "isidentifier", "isprintable", "istitle",
    "ljust", "rjust", "translate", "zfill",
}  # fmt: skip
"""Methods that text alone decides."""

_WHOLE = {"strip", "lstrip", "rstrip"}
"""A value from the environment is taken to have nothing to strip."""

_LETTERS = {"lower", "upper", "capitalize", "casefold", "title", "swapcase"}
_NAMES = ("sep", "maxsplit", "keepends", "tabsize", "old", "new", "count")
"""Parameters that text's methods have by name."""
_SAME = {"encode", "decode", "__str__"}
_LISTS = {"split", "rsplit", "splitlines", "partition", "rpartition"}


def method(value: Const | TextValue, name: str) -> Value | None:
    """A method of text, or None where Python has none of this name that is followed."""
    if name in _SAME:
        return bound(value, name, lambda site, run: value)
    if name == "format":
        return bound(value, name, lambda site, run: _format(value, site, run))
    if name == "format_map":
        return bound(value, name, lambda site, run: _format_map(value, site, run))
    if name == "join":
        return bound(value, name, lambda site, run: _join(value, site, run))
    if name == "__getitem__":
        return bound(value, name, lambda site, run: _slice(value, site))
    if name in _PURE:
        return bound(value, name, lambda site, run: _pure(value, name, site))
    return None


def describe(text: Text) -> str:
    """What a text that is not known whole is made of, for a message."""
    names = [f"env:{part.name}" for part in text.parts if isinstance(part, EnvVar)]
    reasons = [part.reason for part in text.parts if isinstance(part, Unknown)]
    return ", ".join(names or reasons) or "text"


def _pure(value: Const | TextValue, name: str, site: CallSite) -> Value:
    if isinstance(value, Const):
        found = worked_out(lambda *given, **named: _exact(str(value.value), name, given, named), site, *_NAMES)
        if found is not None:
            return found
    combined = combinations(site.positional) if not site.keywords and site.complete else None
    if combined is None:
        return UnknownValue(f"result of {name}()", site.place)
    return join(*(_one(value, name, arguments, site) for arguments in combined))


def _exact(text: str, name: str, given: tuple[Any, ...], named: dict[str, Any]) -> Any:
    values = [*given, *named.values()]
    widths = [value if isinstance(value, int) else len(value) for value in values if isinstance(value, str | int)]
    grows = name in ("replace", "expandtabs")
    if len(text) * (1 + max(widths, default=8) * grows) > MAX_TEXT or not all(map(is_small, values)):
        raise NotKnown("a long text")
    return getattr(text, name)(*given, **named)


def _one(value: Const | TextValue, name: str, arguments: tuple[Value, ...], site: CallSite) -> Value:
    constants = [argument.value for argument in arguments if isinstance(argument, Const)]
    if len(constants) == len(arguments) and isinstance(value, TextValue):
        if name in _WHOLE:
            return _stripped(value.text, name, constants)
        if name in _LETTERS or name == "replace":
            return _by_part(value.text, name, constants)
    if name in _LISTS:
        return _split(value, name, constants, len(constants) == len(arguments), site)
    whole = describe(value.text) if isinstance(value, TextValue) else f"result of {name}()"
    return UnknownValue(f"part of {whole}" if isinstance(value, TextValue) else whole, site.place)


def _stripped(text: Text, name: str, arguments: list[str | int | float | bool | None]) -> Value:
    parts = list(text.parts)
    try:
        if name != "rstrip" and parts and isinstance(first := parts[0], Literal):
            parts[0] = Literal(first.value.lstrip(*arguments))  # type: ignore[arg-type]
        if name != "lstrip" and parts and isinstance(last := parts[-1], Literal):
            parts[-1] = Literal(last.value.rstrip(*arguments))  # type: ignore[arg-type]
    except TypeError:
        pass
    return from_text(Text.of(*parts))


def _by_part(text: Text, name: str, arguments: list[str | int | float | bool | None]) -> Value:
    """The literal parts changed; the others are no longer what they were."""

    def change(part: Part) -> Part:
        if isinstance(part, Literal):
            try:
                return Literal(getattr(part.value, name)(*arguments))
            except (TypeError, ValueError):
                return Unknown(f"result of {name}()")
        return Unknown(f"changed {describe(Text((part,)))}") if isinstance(part, EnvVar) else part

    return from_text(text.replace(change))


def _split(
    value: Const | TextValue, name: str, constants: list[str | int | float | bool | None], known: bool, site: CallSite
) -> Value:
    """The pieces of a text that is known in part: those of its literal beginning and end are certain."""
    whole = describe(value.text) if isinstance(value, TextValue) else f"result of {name}()"
    rest = UnknownValue(f"part of {whole}", site.place)
    if not isinstance(value, TextValue) or not known or name != "split" or len(constants) != 1:
        return Sequence([], rest)
    separator = constants[0]
    if not isinstance(separator, str) or not separator or not value.text.parts:
        return Sequence([], rest)
    certain, whole_text = certain_pieces(value.text, separator)
    return Sequence([from_text(piece) for piece in certain], None if whole_text else rest)


def _join(value: Const | TextValue, site: CallSite, run: Machine) -> Value:
    given = site.argument(0)
    if given is None:
        return UnknownValue("result of join()", site.place)
    made = []
    for option in options(given):
        items = listed(run, option, site.place)
        parts: list[Value] = []
        for item in items.items:
            parts += [value, item] if parts else [item]
        if items.rest is not None:
            parts.append(UnknownValue("joined text", site.place))
        made.append(concatenate(tuple(parts)) if parts else Const(""))
    return join(*made)


def _format_map(value: Const | TextValue, site: CallSite, run: Machine) -> Value:
    given = site.argument(0)
    fields = given.fields if isinstance(given, Object) else {}
    complete = isinstance(given, Object) and given.rest is None
    return _format(value, CallSite((), fields, site.place, complete), run)


def _format(value: Const | TextValue, site: CallSite, run: Machine) -> Value:
    if not isinstance(value, Const):
        return UnknownValue(f"text formatted by {describe(value.text)}", site.place)
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


def _slice(value: Const | TextValue, site: CallSite) -> Value:
    cut = site.argument(0)
    if isinstance(cut, Slice) and cut.known and isinstance(value, Const):
        try:
            return Const(str(value.value)[cut.bounds])
        except ValueError:
            return UnknownValue("part of a text", site.place)
    if isinstance(cut, Slice) and cut.known and isinstance(value, TextValue) and value.text.parts:
        return _cut(value.text, cut.bounds, site)
    whole = describe(value.text) if isinstance(value, TextValue) else "a text"
    return UnknownValue(f"part of {whole}", site.place)


def _cut(text: Text, bounds: slice, site: CallSite) -> Value:
    """A cut inside of the literal beginning is certain."""
    first = text.parts[0]
    start, stop = bounds.start or 0, bounds.stop
    if isinstance(first, Literal) and bounds.step is None and 0 <= start <= len(first.value):
        if isinstance(stop, int) and 0 <= stop <= len(first.value):
            return Const(first.value[start:stop])
        if stop is None:
            return from_text(Text.of(first.value[start:], *text.parts[1:]))
        return from_text(Text.of(first.value[start:], Unknown(f"part of {describe(text)}", site.place)))
    return UnknownValue(f"part of {describe(text)}", site.place)


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
