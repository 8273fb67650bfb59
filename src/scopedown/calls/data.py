"""Plain data that code reads (a JSON file, parsed JSON text) becomes a value."""

from __future__ import annotations

from scopedown.calls.values import Const, Object, Sequence, UnknownValue, Value

MAX_DEPTH = 12


def from_data(data: object, depth: int = MAX_DEPTH) -> Value:
    """Mappings, lists and scalars as values; what is nested deeper than ``depth`` is unknown."""
    match data:
        case dict() if depth > 0:
            return Object({str(key): from_data(value, depth - 1) for key, value in data.items()})
        case list() if depth > 0:
            return Sequence([from_data(item, depth - 1) for item in data])
        case str() | int() | float() | bool() | None:
            return Const(data)
        case _:
            return UnknownValue("data nested too deep")
