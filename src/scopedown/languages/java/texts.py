"""Java's texts: methods of String, what puts them together, and StringBuilder."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from scopedown.calls.builtins import python_text
from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    Const,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    as_text,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.languages.java.natives import (
    JavaClass,
    bound,
    computed,
    element_of,
    elements,
    first_of,
    function,
    given,
    is_null,
)

_SAME: Final = frozenset(
    {
        "toString", "intern", "getBytes", "toCharArray", "name", "getName", "id", "toURL", "toURI", "toASCIIString",
        "toExternalForm",
    }
)  # fmt: skip
"""An address (``URI``, ``URL``) is its text, too."""
_SHARED: Final = {
    "toLowerCase": "lower", "toUpperCase": "upper", "trim": "strip", "strip": "strip", "stripLeading": "lstrip",
    "stripTrailing": "rstrip", "startsWith": "startswith", "endsWith": "endswith", "indexOf": "find",
    "lastIndexOf": "rfind", "replace": "replace", "lines": "splitlines", "isBlank": "isspace",
}  # fmt: skip
"""Methods that texts of all languages have, by their names in Python."""


def text_method(value: Const | TextValue, name: str, run: Machine, place: Place) -> Value | None:
    """A member of a text
    (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/String.html)."""
    if name in _SAME:
        return bound(value, name, lambda site, run: value)
    body = _METHODS.get(name)
    if body is not None:
        return bound(value, name, lambda site, run: body(value, site, run))
    shared = python_text.method(value, _SHARED[name]) if name in _SHARED else None
    if shared is not None:
        letters = name in ("toLowerCase", "toUpperCase")  # a locale changes nothing here
        return bound(value, name, lambda site, run: run.call(shared, () if letters else site.positional, site.place))
    return computed(name)


def _concat(value: Value, site: CallSite, run: Machine) -> Value:
    return concatenate((value, first_of(site)))


def _substring(value: Value, site: CallSite, run: Machine) -> Value:
    sliced = python_text.method(value, "__getitem__") if isinstance(value, Const | TextValue) else None
    bounds = site.positional if len(site.positional) > 1 else (first_of(site), Const(None))
    cut = python_text.Slice(bounds)
    if sliced is None or any(is_null(one) for one in bounds[:1]):
        return UnknownValue("part of a text", site.place)
    return run.call(sliced, (cut,), site.place)


def plain_pattern(pattern: Value) -> str | None:
    r"""The text that a regular expression means where it has no more than escapes of signs.

    >>> plain_pattern(Const(r"\."))
    '.'
    """
    if not isinstance(pattern, Const) or not isinstance(pattern.value, str):
        return None
    plain = re.sub(r"\\([^\w\s])", "", pattern.value)
    if re.search(r"[\\\[\](){}.*+?^$|]", plain):
        return None
    return re.sub(r"\\([^\w\s])", r"\1", pattern.value)


def _split(value: Value, site: CallSite, run: Machine) -> Value:
    separator = plain_pattern(first_of(site))
    method = python_text.method(value, "split") if isinstance(value, Const | TextValue) else None
    if separator and method is not None and len(site.positional) == 1:
        return run.call(method, (Const(separator),), site.place)
    return Sequence([], UnknownValue("part of a text", site.place))


def _replace_all(value: Value, site: CallSite, run: Machine) -> Value:
    old = plain_pattern(first_of(site))
    method = python_text.method(value, "replace") if isinstance(value, Const | TextValue) else None
    if old is None or method is None:
        return UnknownValue("result of replaceAll()", site.place)
    return run.call(method, (Const(old), given(site, 1)), site.place)


def _formatted(value: Value, site: CallSite, run: Machine) -> Value:
    return format_text(value, site.positional, site.complete, site.place)


_METHODS: Final[dict[str, Callable[[Value, CallSite, Machine], Value]]] = {
    "concat": _concat,
    "substring": _substring,
    "subSequence": _substring,
    "split": _split,
    "replaceAll": _replace_all,
    "formatted": _formatted,
    "describeConstable": lambda value, site, run: value,
}

_SPECIFIER: Final = re.compile(r"%(?:(\d+)\$)?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])")


def format_text(template: Value, arguments: tuple[Value, ...], complete: bool, place: Place) -> Value:
    """``String.format``: ``%s`` and ``%d`` are the argument, the rest is not worked out
    (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Formatter.html)."""
    if len(arguments) == 1 and isinstance(arguments[0], Sequence):  # an array of all arguments
        complete, arguments = arguments[0].rest is None, tuple(arguments[0].items)
    return join(*(_format(option, arguments, complete, place) for option in options(template)))


def _format(template: Value, arguments: tuple[Value, ...], complete: bool, place: Place) -> Value:
    if not isinstance(template, Const) or not isinstance(template.value, str):
        return UnknownValue("a formatted text", place)
    parts: list[Value] = []
    last = at = 0
    for found in _SPECIFIER.finditer(template.value):
        parts.append(Const(template.value[last : found.start()]))
        last = found.end()
        position, flags, width, precision, kind = found.groups()
        if kind in "%n":
            parts.append(Const("%" if kind == "%" else "\n"))
            continue
        index = int(position[:4]) - 1 if position else at
        at += 0 if position else 1
        value: Value = arguments[index] if 0 <= index < len(arguments) else UnknownValue("a formatted value", place)
        plain = not width and not precision and not flags.strip("-")
        parts.append(value if plain and kind in "sSd" else UnknownValue("a formatted value", place))
        if kind == "S" and plain and isinstance(value, Const):
            parts[-1] = Const(str(value.value).upper())
    return concatenate((*parts, Const(template.value[last:])))


def joined_text(separator: Value, items: Sequence, place: Place) -> Value:
    """The elements of a list with a separator between them."""
    parts: list[Value] = []
    for item in items.items:
        parts += [separator, item] if parts else [item]
    if items.rest is not None:
        parts.append(UnknownValue("joined text", place))
    return concatenate(tuple(parts)) if parts else Const("")


def _string_format(site: CallSite, run: Machine) -> Value:
    arguments = site.positional
    if arguments and not any(isinstance(one, Const | TextValue) for one in options(arguments[0])):
        arguments = arguments[1:]  # a locale
    if not arguments:
        return UnknownValue("a formatted text", site.place)
    return format_text(arguments[0], arguments[1:], site.complete, site.place)


def _string_join(site: CallSite, run: Machine) -> Value:
    rest = list(site.positional[1:])
    if len(rest) == 1 and not isinstance(rest[0], Const | TextValue):
        items = elements(run, rest[0], site.place)
    else:
        items = Sequence(rest, None if site.complete else UnknownValue("joined text", site.place))
    return joined_text(first_of(site), items, site.place)


def to_text(site: CallSite, run: Machine) -> Value:
    """A value as a text."""
    value = first_of(site)
    if isinstance(value, Sequence):  # characters, bytes
        return UnknownValue("a text of characters", site.place, inert=True)
    found = [as_text(option) for option in options(value)]
    if isinstance(value, Const) and not isinstance(value.value, str | None):
        return concatenate((Const(""), value))
    return value if all(one is not None for one in found) else UnknownValue("a text", site.place, inert=True)


def _message_format(site: CallSite, run: Machine) -> Value:
    """``MessageFormat.format("{0}", …)``."""
    template = first_of(site)
    if not isinstance(template, Const) or not isinstance(template.value, str):
        return UnknownValue("a formatted text", site.place)
    parts: list[Value] = []
    for position, piece in enumerate(re.split(r"\{(\d{1,2})(?:,[^}]*)?\}", template.value)):
        parts.append(Const(piece.replace("''", "'")) if position % 2 == 0 else given(site, int(piece) + 1))
    return concatenate(tuple(parts))


class Builder(Native):
    """A ``StringBuilder``: the text so far."""

    __slots__ = ("born", "text")
    label = "a text that is put together"

    def __init__(self, text: Value, born: int) -> None:
        self.text = text
        self.born = born

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Appending, and the text."""
        if name in ("append", "add"):
            return bound(self, name, self._append)
        if name == "toString":
            return bound(self, name, lambda site, run: self.text)
        if name in ("insert", "replace", "delete", "deleteCharAt", "reverse", "setCharAt", "setLength"):
            return bound(self, name, self._change)
        if name in ("appendLine", "appendln"):
            return bound(self, name, self._append)
        found = text_method(self.text, name, run, place) if isinstance(self.text, Const | TextValue) else None
        return found or computed(name)

    def _append(self, site: CallSite, run: Machine) -> Value:
        longer = concatenate((self.text, first_of(site)))
        self.text = longer if run.position.conditional <= self.born else join(self.text, longer)
        return self

    def _change(self, site: CallSite, run: Machine) -> Value:
        self.text = UnknownValue("a text that is put together", site.place)
        return self

    def as_text(self) -> Text | None:
        """What it is inside of a string."""
        return as_text(self.text)


def _builder(site: CallSite, run: Machine) -> Value:
    first = first_of(site)
    is_size = not site.positional or (isinstance(first, Const) and not isinstance(first.value, str))
    return Builder(Const("") if is_size else first, run.position.conditional)


class Joiner(Native):
    """A ``StringJoiner``."""

    __slots__ = ("items", "parts")
    label = "a text that is put together"

    def __init__(self, parts: tuple[Value, ...]) -> None:
        self.parts = parts
        self.items = Sequence()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Adding, and the text."""
        if name == "add":
            return bound(self, name, self._add)
        if name == "toString":
            return bound(self, name, self._text)
        return computed(name)

    def _add(self, site: CallSite, run: Machine) -> Value:
        if run.position.conditional:
            self.items.rest = element_of(Sequence([], first_of(site)), site.place)
        else:
            self.items.items.append(first_of(site))
        return self

    def _text(self, site: CallSite, run: Machine) -> Value:
        separator, prefix, suffix = (*self.parts, Const(""), Const(""), Const(""))[:3]
        return concatenate((prefix, joined_text(separator, self.items, site.place), suffix))


def _address(site: CallSite, run: Machine) -> Value:
    """``new URI(text)``, ``URI.create(text)``; what is put together of parts is not known."""
    return to_text(site, run) if len(site.positional) == 1 else UnknownValue("an address", site.place, inert=True)


def classes() -> dict[str, Value]:
    """The classes of texts, by their full names."""
    string = JavaClass(
        "java.lang.String",
        {
            "format": function("String.format", _string_format),
            "join": function("String.join", _string_join),
            **dict.fromkeys(("valueOf", "copyValueOf"), function("String.valueOf", to_text)),
        },
        to_text,
    )
    builder = JavaClass("java.lang.StringBuilder", {}, _builder)
    return {
        "java.lang.String": string,
        "java.lang.StringBuilder": builder,
        "java.lang.StringBuffer": builder,
        "java.net.URI": JavaClass("java.net.URI", {"create": function("URI.create", _address)}, _address),
        "java.net.URL": JavaClass("java.net.URL", {}, _address),
        "java.util.StringJoiner": JavaClass("java.util.StringJoiner", {}, lambda site, run: Joiner(site.positional)),
        "java.text.MessageFormat": JavaClass(
            "java.text.MessageFormat", {"format": function("MessageFormat.format", _message_format)}
        ),
    }
