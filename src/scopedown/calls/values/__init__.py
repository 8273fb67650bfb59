"""What is known of a value while code is run abstractly.

The values themselves are in ``plain.py`` (scalars, texts, containers) and ``code.py`` (functions,
classes, objects, modules); every name is imported from here. An SDK or library gives meaning to further values by
subclassing :class:`~scopedown.calls.machine.Native`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scopedown.calls.values.code import ClassValue, External, Frame, FunctionValue, Instance, ModuleValue, SuperValue
from scopedown.calls.values.plain import (
    MAX_PARTS,
    MAX_TEXT,
    MAX_UNION,
    Compared,
    Const,
    Datum,
    Generated,
    Null,
    Object,
    Sequence,
    TextValue,
    TooMany,
    Union,
    UnknownValue,
    Unset,
    Value,
    combinations,
    join,
    options,
)
from scopedown.calls.values.references import Reference, Variable, in_variable
from scopedown.core.place import Place
from scopedown.core.text import AnyText, EnvVar, Literal, Text, Unknown


@dataclass(frozen=True, slots=True)
class CallSite:
    """The arguments of one call. ``complete`` is False where unknown spread arguments may follow; ``outside``: the
    caller is code that is not seen, which can only pass what is its own, since what it was handed has escaped."""

    positional: tuple[Value, ...]
    keywords: Mapping[str, Value]
    place: Place
    complete: bool = True
    decorator: bool = False
    outside: bool = False

    def argument(self, index: int, *names: str) -> Value | None:
        """The argument at a position or under one of its names, or None where it was not given."""
        if 0 <= index < len(self.positional):
            return self.positional[index]
        return next((self.keywords[name] for name in names if name in self.keywords), None)

    def all(self) -> tuple[Value, ...]:
        """Every argument value."""
        return (*self.positional, *self.keywords.values())


def as_text(value: Value) -> Text | None:
    """The value as it would appear inside a string, or None where it has several alternatives."""
    match value:
        case Const(None):
            return Text.of("")
        case Const(bool() as flag):
            return Text.of("true" if flag else "false")
        case Const(float() as number) if number.is_integer() or set("eni") & set(str(number)):
            return Text.unknown("a computed number")  # languages write it in different ways
        case Const(scalar):
            return Text.of(str(scalar))
        case TextValue(text):
            return text
        case UnknownValue(reason, place):
            return Text.unknown(reason, place)
        case Union():
            return None
        case External(origin=origin):
            return Text.unknown(f"value from {origin}")
        case _:
            inside = value.as_text()
            return Text.unknown("an object") if inside is None else inside


def from_text(text: Text) -> Value:
    """A text as a value: constant where it is known whole."""
    if len(text.parts) > MAX_PARTS or sum(len(p.value) for p in text.parts if isinstance(p, Literal)) > MAX_TEXT:
        return UnknownValue("a very long text")
    literal = text.literal
    return TextValue(text) if literal is None else Const(literal)


__all__ = [
    "MAX_TEXT",
    "MAX_UNION",
    "AnyText",
    "CallSite",
    "ClassValue",
    "Compared",
    "Const",
    "Datum",
    "EnvVar",
    "External",
    "Frame",
    "FunctionValue",
    "Generated",
    "Instance",
    "Literal",
    "ModuleValue",
    "Null",
    "Object",
    "Reference",
    "Sequence",
    "SuperValue",
    "Text",
    "TextValue",
    "TooMany",
    "Union",
    "Unknown",
    "UnknownValue",
    "Unset",
    "Value",
    "Variable",
    "as_text",
    "combinations",
    "from_text",
    "in_variable",
    "join",
    "options",
]
