"""Whose an access key is that a program gives to a client, in SDKs that take it as a value of its own."""

from __future__ import annotations

from scopedown.calls.sdks.emitting import NOTHING, RoleCredentials
from scopedown.calls.values import Const, TextValue, UnknownValue, Value, options
from scopedown.core.text import EnvVar, Text


def owners(key: Value) -> list[Value]:
    """The owners of a key; nothing (``Const(None)``) stands for the function's own role."""
    return [owner for option in options(key) for owner in _owners(option)]


def _owners(key: Value) -> list[Value]:
    match key:
        case RoleCredentials():
            return list(options(key.role))
        case TextValue(text=Text(parts=(EnvVar(name=name), *_))):
            if name == "AWS_ACCESS_KEY_ID":
                return [NOTHING]
            return [TextValue(Text.unknown(f"the owner of the access key in {name}"))]
        case Const(value=value) if not value:
            return [NOTHING]
        case Const():
            return [TextValue(Text.unknown("the owner of an access key written in the code"))]
        case UnknownValue(reason=reason, place=place):
            return [TextValue(Text.unknown(f"the owner of an access key ({reason})", place))]
        case _:
            return [NOTHING]
