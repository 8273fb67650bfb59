"""The Condition element.

Sources: reference_policies_elements_condition, reference_policies_elements_condition_operators,
reference_policies_multi-value-conditions.
"""

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from reference.variables import Context, lookup, resolve, text_of
from reference.wildcards import Pattern, arn_matches_field_by_field, ascii_lower, equals, is_arn, matches


class NotComparable(Exception):
    """The request's value is not of the operator's type."""


# One comparison: does the policy's value (a pattern) fit the request's value (a text)?
Compare = Callable[[Pattern, str], bool]


def written(pattern: Pattern) -> str:
    """The text of a policy value that knows no wildcards and no variables."""
    return "".join(piece for piece in pattern if isinstance(piece, str))


def string_equals(policy: Pattern, request: str) -> bool:
    return equals(policy, request)


def string_equals_ignore_case(policy: Pattern, request: str) -> bool:
    lowered: Pattern = [ascii_lower(piece) if isinstance(piece, str) else piece for piece in policy]
    return equals(lowered, ascii_lower(request))


def string_like(policy: Pattern, request: str) -> bool:
    return matches(policy, request)


def number(text: str) -> Decimal:
    if not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text):
        raise NotComparable(text)
    return Decimal(text)


DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d))?)?)?", re.ASCII
)


def moment(text: str) -> Decimal:
    """Seconds since 1970: from a date in one of the W3C forms of ISO 8601, or from epoch seconds."""
    found = DATE.fullmatch(text)
    if not found:
        if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
            return Decimal(text)
        raise NotComparable(text)
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        start = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC
        )
    except ValueError as error:
        raise NotComparable(text) from error
    seconds = Decimal(int((start - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()))
    if fraction:
        seconds += Decimal("0." + fraction)
    if zone and zone != "Z":
        away = Decimal(int(zone[1:3]) * 3600 + int(zone[4:6]) * 60)
        seconds += -away if zone[0] == "+" else away
    return seconds


def ordered(convert: Callable[[str], Decimal], holds: Callable[[Decimal, Decimal], bool]) -> Compare:
    """A comparison of order, request's value on the left: `NumericLessThan` is request < policy."""

    def compare(policy: Pattern, request: str) -> bool:
        asked = convert(request)
        return holds(asked, convert(written(policy)))

    return compare


def bool_equals(policy: Pattern, request: str) -> bool:
    if request.lower() not in ("true", "false"):
        raise NotComparable(request)
    return written(policy).lower() == request.lower()


def decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotComparable(text) from error


def binary_equals(policy: Pattern, request: str) -> bool:
    """Byte for byte. Contested: a case file is JSON, so that the request's bytes come as base64 too."""
    return decoded(request) == decoded(written(policy))


def ip_address(policy: Pattern, request: str) -> bool:
    try:
        address = ipaddress.ip_address(request)
        network = ipaddress.ip_network(written(policy), strict=False)
    except ValueError as error:
        raise NotComparable(request) from error
    return address.version == network.version and address in network


def arn_like(policy: Pattern, request: str) -> bool:
    if not is_arn(request):
        raise NotComparable(request)
    return arn_matches_field_by_field(policy, request)


def less(a: Decimal, b: Decimal) -> bool:
    return a < b


def less_or_equal(a: Decimal, b: Decimal) -> bool:
    return a <= b


def same(a: Decimal, b: Decimal) -> bool:
    return a == b


def more(a: Decimal, b: Decimal) -> bool:
    return a > b


def more_or_equal(a: Decimal, b: Decimal) -> bool:
    return a >= b


# operator: (comparison, negated, may hold wildcards and variables)
OPERATORS: dict[str, tuple[Compare, bool, bool]] = {
    "StringEquals": (string_equals, False, True),
    "StringNotEquals": (string_equals, True, True),
    "StringEqualsIgnoreCase": (string_equals_ignore_case, False, True),
    "StringNotEqualsIgnoreCase": (string_equals_ignore_case, True, True),
    "StringLike": (string_like, False, True),
    "StringNotLike": (string_like, True, True),
    "NumericEquals": (ordered(number, same), False, False),
    "NumericNotEquals": (ordered(number, same), True, False),
    "NumericLessThan": (ordered(number, less), False, False),
    "NumericLessThanEquals": (ordered(number, less_or_equal), False, False),
    "NumericGreaterThan": (ordered(number, more), False, False),
    "NumericGreaterThanEquals": (ordered(number, more_or_equal), False, False),
    "DateEquals": (ordered(moment, same), False, False),
    "DateNotEquals": (ordered(moment, same), True, False),
    "DateLessThan": (ordered(moment, less), False, False),
    "DateLessThanEquals": (ordered(moment, less_or_equal), False, False),
    "DateGreaterThan": (ordered(moment, more), False, False),
    "DateGreaterThanEquals": (ordered(moment, more_or_equal), False, False),
    "Bool": (bool_equals, False, False),
    "BinaryEquals": (binary_equals, False, False),
    "IpAddress": (ip_address, False, False),
    "NotIpAddress": (ip_address, True, False),
    "ArnEquals": (arn_like, False, True),
    "ArnLike": (arn_like, False, True),
    "ArnNotEquals": (arn_like, True, True),
    "ArnNotLike": (arn_like, True, True),
}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def conditions_hold(conditions: dict[str, Any], context: Context, variables: bool) -> bool:
    """Operators are joined by AND, so are the keys of one operator."""
    return all(
        condition_holds(operator, key, listed(values), context, variables)
        for operator, keys in conditions.items()
        for key, values in keys.items()
    )


def condition_holds(operator: str, key: str, values: list[Any], context: Context, variables: bool) -> bool:
    """One operator, one key, its values."""
    if operator == "Null":
        return null_holds(values, lookup(context, key))
    for_all, for_any = operator.startswith("ForAllValues:"), operator.startswith("ForAnyValue:")
    operator = operator.removeprefix("ForAllValues:").removeprefix("ForAnyValue:")
    if_exists = operator.endswith("IfExists")
    compare, negated, textual = OPERATORS[operator.removesuffix("IfExists")]

    request = lookup(context, key)
    if request is None or request == []:
        return missing_key_holds(negated, if_exists, for_all, for_any)

    policy_values = []
    for value in values:
        pattern = resolve(text_of(value), context, variables) if textual else pieces_of_plain(text_of(value))
        if pattern is not None:  # A variable without a value equals nothing and is like nothing.
            policy_values.append(pattern)

    if for_all or for_any:
        if is_null_data_set(request):
            return for_all
        results = [value_holds(compare, negated, policy_values, text_of(one)) for one in listed(request)]
        return all(results) if for_all else any(results)
    if isinstance(request, list):
        return plain_operator_on_many_values()
    return value_holds(compare, negated, policy_values, text_of(request))


def pieces_of_plain(text: str) -> Pattern:
    return list(text)


def value_holds(compare: Compare, negated: bool, policy_values: list[Pattern], request: str) -> bool:
    """Several policy values are joined by OR; a negated operator is true when none of them fits (NOR).

    A request value that is not of the operator's type (text for a number, no ARN for an ARN) makes the condition
    false whichever the sign. Contested for the negated operators: the documentation does not say.
    """
    try:
        fits = any(compare(pattern, request) for pattern in policy_values)
    except NotComparable:
        return False
    return not fits if negated else fits


def missing_key_holds(negated: bool, if_exists: bool, for_all: bool, for_any: bool) -> bool:
    """A key that is not in the request, or has no value there.

    ...IfExists is true; ForAllValues is true and ForAnyValue false; a positive operator is false and a negated one
    true.
    """
    if if_exists:
        return True
    if for_all:
        return True
    if for_any:
        return False
    return negated


def is_null_data_set(request: Any) -> bool:
    """ "if the key values resolve to a null data set, such as an empty string". Contested: only all-empty sets are."""
    return all(value == "" for value in listed(request))


def null_holds(values: list[Any], request: Any) -> bool:
    """`Null: true` asks that the key is not there, `Null: false` that it is there and its value is not null.

    Contested: an empty string is a null value ("null (an empty data string)"), following the Condition page.
    """
    absent = request is None or is_null_data_set(request)
    return any((text_of(value).lower() == "true") == absent for value in values)


def plain_operator_on_many_values() -> bool:
    """An operator without a set qualifier on a request key with many values.

    Contested: the documentation only says that a set operator is required; the condition does not hold.
    """
    return False
