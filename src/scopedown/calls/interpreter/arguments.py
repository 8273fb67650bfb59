"""Values become arguments: what the interpreter knows, as the next stage reads it."""

from __future__ import annotations

from typing import Any

from scopedown.calls.model import Alternatives, Argument
from scopedown.calls.values import (
    Const,
    External,
    Object,
    Sequence,
    TextValue,
    Union,
    UnknownValue,
    Value,
    join,
)
from scopedown.core.text import Text

MAX_DEPTH = 8
MAX_ITEMS = 100
MAX_VALUES = 5000
"""Values of one argument: structures that share their parts would multiply without an end."""


def argument(value: Value) -> Argument:
    """One argument; deeper or larger structures than an API parameter needs are cut to unknown."""
    return _argument(value, MAX_DEPTH, [MAX_VALUES])


def _argument(value: Value, depth: int, left: list[int]) -> Argument:
    """``left`` counts down the values that the whole argument may still have."""
    left[0] -= 1
    if left[0] < 0:
        return Text.unknown("a large object")
    match value:
        case Const(str() as text):
            return Text.of(text)
        case Const(int() | float() | None as scalar):
            return scalar
        case TextValue(text):
            return text
        case UnknownValue(reason, place):
            return Text.unknown(reason, place)
        case Union(options):
            return Alternatives(tuple(_argument(option, depth, left) for option in options))
        case External(origin=origin):
            return Text.unknown(f"value from {origin}")
        case Object() if depth > 0:
            items = [*value.fields.items(), *value.symbolic.items()][:MAX_ITEMS]  # a key may be a Text
            fields: dict[Any, Argument] = {key: _argument(item, depth - 1, left) for key, item in items}
            symbolic = join(*value.symbolic.values())
            if value.rest is not None and value.rest.fingerprint() != symbolic.fingerprint():
                fields["*"] = _argument(value.rest, depth - 1, left)
            return fields
        case Sequence() if depth > 0:
            rest = () if value.rest is None else (_argument(value.rest, depth - 1, left),)
            return (*(_argument(item, depth - 1, left) for item in value.items[:MAX_ITEMS]), *rest)
        case _:
            return value.as_text() or Text.unknown("an object")
