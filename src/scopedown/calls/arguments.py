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


def argument(value: Value, depth: int = MAX_DEPTH) -> Argument:
    """One argument; deeper or larger structures than an API parameter needs are cut to unknown."""
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
            return Alternatives(tuple(argument(option, depth) for option in options))
        case External(origin=origin):
            return Text.unknown(f"value from {origin}")
        case Object() if depth > 0:
            items = [*value.fields.items(), *value.symbolic.items()][:MAX_ITEMS]  # a key may be a Text
            fields: dict[Any, Argument] = {key: argument(item, depth - 1) for key, item in items}
            symbolic = join(*value.symbolic.values())
            if value.rest is not None and value.rest.fingerprint() != symbolic.fingerprint():
                fields["*"] = argument(value.rest, depth - 1)
            return fields
        case Sequence() if depth > 0:
            rest = () if value.rest is None else (argument(value.rest, depth - 1),)
            return (*(argument(item, depth - 1) for item in value.items[:MAX_ITEMS]), *rest)
        case _:
            return Text.unknown("an object")
