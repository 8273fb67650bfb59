"""Plain data that code reads (a JSON file, parsed JSON text) becomes a value."""

from __future__ import annotations

from typing import Final

from scopedown.calls.values import Const, Object, Sequence, UnknownValue, Value

NONE: Final = Const(None)
MAX_DEPTH = 12
MAX_VALUES = 50_000
"""Values of one file: a configuration has fewer, and what is a table of data tells nothing of resources."""


def from_data(data: object, null: Value = NONE, depth: int = MAX_DEPTH) -> Value:
    """Mappings, lists and scalars as values; what is nested too deep or stands behind very many others is unknown.
    ``null`` is what JSON's null becomes."""
    return _value(data, depth, [MAX_VALUES], null)


def _value(data: object, depth: int, left: list[int], null: Value) -> Value:
    """``left`` counts down the values that the whole may still have."""
    left[0] -= 1
    if left[0] < 0:
        return UnknownValue("a large file of data")
    match data:
        case dict() if depth > 0:
            return Object({str(key): _value(value, depth - 1, left, null) for key, value in data.items()})
        case list() if depth > 0:
            return Sequence([_value(item, depth - 1, left, null) for item in data])
        case None:
            return null
        case str() | int() | float() | bool():
            return Const(data)
        case dict() | list():
            return UnknownValue("data that is nested too deeply")
        case _:  # a date of YAML or TOML
            return UnknownValue("a value of a file")
