"""C#'s text: its methods, as far as they stay certain where a text is known in part."""

from __future__ import annotations

import re

from scopedown.calls.builtins import python_text
from scopedown.calls.builtins.python_native import Function, bound, first_of, listed
from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Sequence, TextValue, UnknownValue, Value, join, options
from scopedown.languages.csharp.natives import arguments, data, unknown

_LIKE_PYTHON = {
    "ToLower": "lower", "ToLowerInvariant": "lower", "ToUpper": "upper", "ToUpperInvariant": "upper", "Trim": "strip",
    "TrimStart": "lstrip", "TrimEnd": "rstrip", "Replace": "replace", "Split": "split", "StartsWith": "startswith",
    "EndsWith": "endswith",
}  # fmt: skip
"""Methods that Python's text has under another name."""
_TAKEN = {"Replace": 2, "Trim": 1, "TrimStart": 1, "TrimEnd": 1, "Split": 1, "StartsWith": 1, "EndsWith": 1}
"""How many arguments count; further ones are options."""
_SAME = frozenset({"ToString", "Normalize", "ToCharArray", "Clone", "AsSpan", "AsMemory"})
_TOLD = frozenset(
    {
        "Contains", "IndexOf", "LastIndexOf", "IndexOfAny", "PadLeft", "PadRight", "Insert", "Remove", "CompareTo",
        "CopyTo", "GetEnumerator", "Any", "All", "Count", "Select", "Where", "First", "Last", "Reverse", "Take",
        "AddDays", "AddHours", "AddMinutes", "AddSeconds", "AbsolutePath", "AbsoluteUri", "Host", "Query", "Scheme",
    }
)  # fmt: skip
"""Members that give data."""
_FIELD = re.compile(r"\{\{|\}\}|\{(\d+)[^{}]*\}")


def member(value: Const | TextValue, name: str) -> Value | None:
    """A member of a text; None where it has none of this name that is followed."""
    if name == "Length":
        is_known = isinstance(value, Const) and isinstance(value.value, str)
        return Const(len(str(value.value))) if is_known and isinstance(value, Const) else UnknownValue("a length")
    if name in _SAME:
        return bound(value, name, lambda site, run: value)
    if name in ("Value", "HasValue"):  # of a type that may be null
        return value if name == "Value" else Const(True)
    if name in _LIKE_PYTHON:
        return bound(value, name, lambda site, run: _like_python(value, name, site, run))
    if name == "Substring":
        return bound(value, name, lambda site, run: _substring(value, site))
    if name in _TOLD:
        return bound(value, name, lambda site, run: unknown(name, site))
    return None


def _like_python(value: Const | TextValue, name: str, site: CallSite, run: Machine) -> Value:
    if isinstance(value, Const) and not isinstance(value.value, str):
        return unknown(name, site)
    found = python_text.method(value, _LIKE_PYTHON[name])
    taken = site.positional[: _TAKEN.get(name, 0)]
    if found is None or any(isinstance(one, Sequence) for one in taken):
        rest = UnknownValue(f"part of a text by {name}()", site.place)
        return Sequence([], rest) if name == "Split" else rest
    return run.call(found, taken, site.place)


def _substring(value: Const | TextValue, site: CallSite) -> Value:
    numbers = [one.value for one in site.positional if isinstance(one, Const) and isinstance(one.value, int)]
    if isinstance(value, Const) and isinstance(value.value, str) and len(numbers) == len(site.positional) > 0:
        start = max(int(numbers[0]), 0)
        end = start + int(numbers[1]) if len(numbers) > 1 else None
        return Const(value.value[start:end])
    return UnknownValue("part of a text", site.place)


def _format(site: CallSite, run: Machine) -> Value:
    """``string.Format("{0}-{1}", a, b)``."""
    positional = list(site.positional)
    while positional and not _is_text(positional[0]) and len(positional) > 1:
        positional.pop(0)  # the culture
    if not positional or not isinstance(template := positional[0], Const) or not isinstance(template.value, str):
        return UnknownValue("a formatted text", site.place)
    values = positional[1:]
    if len(values) == 1 and isinstance(values[0], Sequence):
        values = list(values[0].items)
    return formatted(template.value, values)


def formatted(template: str, values: list[Value]) -> Value:
    """A template with numbered fields.

    >>> formatted("{0}-{1}{{}}", [Const("a"), Const(2)])
    Const(value='a-2{}')
    """
    parts: list[Value] = []
    last = 0
    for found in _FIELD.finditer(template):
        parts.append(Const(template[last : found.start()]))
        last = found.end()
        if found[1] is None:
            parts.append(Const(found[0][0]))
        else:
            position = int(found[1]) if len(found[1]) < 4 else len(values)
            parts.append(values[position] if position < len(values) else UnknownValue("a formatted value"))
    return concatenate((*parts, Const(template[last:])))


def _is_text(value: Value) -> bool:
    return any(
        isinstance(option, TextValue) or (isinstance(option, Const) and isinstance(option.value, str))
        for option in options(value)
    )


def _join(site: CallSite, run: Machine) -> Value:
    """``string.Join(",", items)``."""
    separator = first_of(site)
    items = list(site.positional[1:])
    if len(items) == 1:
        whole = listed(run, items[0], site.place)
        if whole.rest is not None:
            return UnknownValue("a joined text", site.place)
        items = whole.items
    parts: list[Value] = []
    for position, item in enumerate(items):
        parts += [separator, item] if position else [item]
    return concatenate(tuple(parts))


def _concat(site: CallSite, run: Machine) -> Value:
    items = arguments(site)
    if len(items) == 1 and isinstance(items[0], Sequence):
        if items[0].rest is not None:
            return UnknownValue("a joined text", site.place)
        items = items[0].items
    return concatenate(tuple(items))


def statics() -> dict[str, Value]:
    """The static members of ``string``."""
    plain = ("IsNullOrEmpty", "IsNullOrWhiteSpace", "Compare", "CompareOrdinal", "Equals")
    return {
        "Empty": Const(""),
        "Format": Function("string.Format", _format),
        "Join": Function("string.Join", _join),
        "Concat": Function("string.Concat", _concat),
        "Copy": Function("string.Copy", lambda site, run: first_of(site)),
        **{name: data(f"string.{name}") for name in plain},
    }


def text_of(value: Value) -> Value:
    """``ToString()`` of a value."""
    return join(*(option if isinstance(option, TextValue) else concatenate((option,)) for option in options(value)))
