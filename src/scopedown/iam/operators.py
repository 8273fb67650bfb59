"""The 27 condition operators, in one table.

An operator reads the request's value (None where it is not of its type: then the condition is false, negated or not),
and turns each policy value into a test of what was read. Negation, ``IfExists`` and the set operators are the same for
all of them and live in :mod:`scopedown.iam.condition`.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from scopedown.core.arn import parse_arn
from scopedown.iam.arn import arn_like, split_fields
from scopedown.iam.folding import fold
from scopedown.iam.wildcard import Glob, Wild, matcher

Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator without its qualifiers.

    ``read`` gives what a request's value is to this operator, or None; ``test`` makes the test of one policy value, or
    None where that value can never match. Where ``templated``, variables are put in, and ``test`` gets a glob (its
    marks are wildcards where ``wildcards``), otherwise text.
    """

    name: str
    family: str
    read: Callable[[str | bytes], object | None]
    test: Callable[[Any], Test | None]
    negated: bool = False
    templated: bool = False
    wildcards: bool = False


def _text(value: str | bytes) -> str | None:
    return value if isinstance(value, str) else None


def _plain(pattern: Glob) -> str:
    return "".join(part for part in pattern if isinstance(part, str))


def _equal(pattern: Glob) -> Test:
    wanted = _plain(pattern)
    return lambda value: bool(value == wanted)


def _folded(value: str | bytes) -> str | None:
    return fold(value) if isinstance(value, str) else None


def _equal_folded(pattern: Glob) -> Test:
    wanted = fold(_plain(pattern))
    return lambda value: bool(value == wanted)


_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]{1,64}(?:\.[0-9]{0,64})?|\.[0-9]{1,64})(?:[eE][+-]?[0-9]{1,3})?\s*")


@lru_cache(1024)
def read_number(value: str | bytes) -> Decimal | None:
    """Rule 40: decimals compare by value; what is no number is None."""
    return Decimal(value.strip()) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


_DATE = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:[T ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?P<fraction>\.[0-9]{1,30})?)?"
    r"(?P<zone>Z|z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?"
)
_EPOCH = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")


@lru_cache(1024)
def read_date(value: str | bytes) -> Decimal | None:
    """Seconds since 1970 of a W3C form of ISO 8601 or of epoch seconds (rule 41); the two compare with each other.

    Four digits alone are a year, as the W3C note has it; a time without zone is UTC.
    """
    if not isinstance(value, str):
        return None
    match = _DATE.fullmatch(value)
    if match is None:
        return Decimal(value) if _EPOCH.fullmatch(value) else None
    try:
        days = date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1)).toordinal() - 719163
    except ValueError:
        return None
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    offset = 0
    if (zone := match["zone"]) and zone not in "Zz":
        hours, minutes = int(zone[1:3]), int(zone[-2:])
        if hours > 23 or minutes > 59:
            return None
        offset = (hours * 3600 + minutes * 60) * (1 if zone[0] == "+" else -1)
    return Decimal(days * 86400 + hour * 3600 + minute * 60 + second - offset) + Decimal(match["fraction"] or 0)


def _compare(read: Callable[[str | bytes], Decimal | None], relation: str) -> Callable[[str], Test | None]:
    def test(policy_value: str) -> Test | None:
        wanted = read(policy_value)
        if wanted is None:
            return None
        match relation:
            case "<":
                return lambda value: bool(value < wanted)
            case "<=":
                return lambda value: bool(value <= wanted)
            case ">":
                return lambda value: bool(value > wanted)
            case ">=":
                return lambda value: bool(value >= wanted)
            case _:
                return lambda value: bool(value == wanted)

    return test


def _bool(value: str | bytes) -> str | None:
    """Rule 42: ``true`` and ``false`` in any case."""
    folded = value.lower() if isinstance(value, str) else ""
    return folded if folded in ("true", "false") else None


def _equal_bool(pattern: Glob) -> Test | None:
    wanted = _bool(_plain(pattern))
    return None if wanted is None else lambda value: bool(value == wanted)


def _bytes(value: str | bytes) -> bytes | None:
    """Rule 43: bytes as they are; text is base64, as the simulator's context entries of type binary are."""
    if isinstance(value, bytes):
        return value
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return None


def _equal_bytes(policy_value: str) -> Test | None:
    wanted = _bytes(policy_value)
    return None if wanted is None else lambda value: bool(value == wanted)


@lru_cache(1024)
def read_address(value: str | bytes) -> tuple[int, int] | None:
    """Version and number of an IP address (rule 44); v4 and v6 are never equal."""
    from ipaddress import ip_address

    if not isinstance(value, str) or "%" in value:
        return None
    try:
        address = ip_address(value)
    except ValueError:
        return None
    return address.version, int(address)


@lru_cache(1024)
def read_network(value: str) -> tuple[int, int, int] | None:
    """Version, first and last number of a CIDR block; without a length it is one address; host bits are dropped."""
    from ipaddress import ip_network

    _, slash, length = value.partition("/")
    if "%" in value or (slash and not (length.isascii() and length.isdigit() and len(length) < 4)):
        return None
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        return None
    return network.version, int(network.network_address), int(network.broadcast_address)


def _in_network(policy_value: str) -> Test | None:
    network = read_network(policy_value)
    if network is None:
        return None
    version, first, last = network
    return lambda value: bool(value[0] == version and first <= value[1] <= last)


def _arn(value: str | bytes) -> str | None:
    """Rule 45: what is no ARN matches under neither sign."""
    return value if isinstance(value, str) and parse_arn(value) else None


def _arn_like(pattern: Glob) -> Test | None:
    """Field by field; ``*`` alone is any ARN (contested: it has one field, and in AWS's examples it means any)."""
    if pattern == (Wild.ANY,):
        return lambda value: True
    fields = split_fields(pattern)
    return arn_like(fields) if fields else None


def _null(value: str | bytes) -> str | None:
    return "false"


_STRING, _NUM, _DAY = "String", "Numeric", "Date"


def _strings() -> list[Operator]:
    return [
        Operator("StringEquals", _STRING, _text, _equal, templated=True),
        Operator("StringNotEquals", _STRING, _text, _equal, True, True),
        Operator("StringEqualsIgnoreCase", _STRING, _folded, _equal_folded, templated=True),
        Operator("StringNotEqualsIgnoreCase", _STRING, _folded, _equal_folded, True, True),
        Operator("StringLike", _STRING, _text, matcher, False, True, True),
        Operator("StringNotLike", _STRING, _text, matcher, True, True, True),
    ]


def _ordered(family: str, read: Callable[[str | bytes], Decimal | None]) -> list[Operator]:
    relations = {"LessThan": "<", "LessThanEquals": "<=", "GreaterThan": ">", "GreaterThanEquals": ">="}
    return [
        Operator(f"{family}Equals", family, read, _compare(read, "=")),
        Operator(f"{family}NotEquals", family, read, _compare(read, "="), True),
        *(Operator(f"{family}{name}", family, read, _compare(read, sign)) for name, sign in relations.items()),
    ]


OPERATORS: dict[str, Operator] = {
    operator.name: operator
    for operator in [
        *_strings(),
        *_ordered(_NUM, read_number),
        *_ordered(_DAY, read_date),
        # Rule 30 (contested): AWS's page on operators says that Bool takes variables, its page on variables that it
        # does not. Read here as the page on operators has it.
        Operator("Bool", "Bool", _bool, _equal_bool, templated=True),
        Operator("BinaryEquals", "Binary", _bytes, _equal_bytes),
        Operator("IpAddress", "IpAddress", read_address, _in_network),
        Operator("NotIpAddress", "IpAddress", read_address, _in_network, True),
        Operator("ArnEquals", "Arn", _arn, _arn_like, False, True, True),
        Operator("ArnLike", "Arn", _arn, _arn_like, False, True, True),
        Operator("ArnNotEquals", "Arn", _arn, _arn_like, True, True, True),
        Operator("ArnNotLike", "Arn", _arn, _arn_like, True, True, True),
        Operator("Null", "Null", _null, lambda value: None),
    ]
}
"""Every operator by name; ``Null`` asks for the key itself and is answered in :mod:`scopedown.iam.condition`."""
