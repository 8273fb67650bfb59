"""HCL's operators on known values (https://developer.hashicorp.com/terraform/language/expressions/operators)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from scopedown.core.digits import is_count
from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.terraform.values import Uncounted, holds_text

_LARGEST: Final = 10**30
"""Numbers beyond it are not worked out."""
_ARITHMETIC: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def number(value: Any) -> int | float | None:
    """A value as a number; None where it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    if isinstance(value, str) and len(value) < 30 and value.isascii():
        try:
            return int(value) if is_count(value.removeprefix("-")) else float(value)
        except ValueError:
            return None
    return None


def unary(sign: str, value: Any, place: Place) -> Any:
    """``!value`` and ``-value``."""
    if sign == "!" and isinstance(value, bool):
        return not value
    if sign == "-" and (known := number(value)) is not None:
        return -known
    return value if isinstance(value, Text) and value.unknowns else Text.unknown(f"the operand of {sign}", place)


def binary(sign: str, left: Any, right: Any, place: Place) -> Any:
    """``left sign right``; unknown where an operand that decides is."""
    if sign in ("==", "!="):
        known = equal(left, right)
        if known is None:
            return Text.unknown(f"an operand of {sign} is known only after apply", place)
        return known if sign == "==" else not known
    if sign == "&&":
        if left is False or right is False:
            return False
        return True if left is True and right is True else _unknown(sign, place)
    if sign == "||":
        if left is True or right is True:
            return True
        return False if left is False and right is False else _unknown(sign, place)
    one, other, work = number(left), number(right), _ARITHMETIC.get(sign)
    if one is None or other is None or work is None or (other == 0 and sign in "/%"):
        return _unknown(sign, place)
    if abs(one) > _LARGEST or abs(other) > _LARGEST:
        return Text.unknown("the number is too large", place)
    found = work(one, other)
    return int(found) if isinstance(found, float) and found.is_integer() else found


def equal(left: Any, right: Any) -> bool | None:
    """Whether two values are equal; None where that is known only after apply."""
    if isinstance(left, Text) or isinstance(right, Text):
        if left is None or right is None or left == "" or right == "":
            texts = [one for one in (left, right) if isinstance(one, Text)]
            return None if any(one.unknowns for one in texts) else False
        return True if left == right and isinstance(left, Text) and not left.unknowns else None
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    if isinstance(left, dict | list) and isinstance(right, dict | list) and (holds_text(left) or holds_text(right)):
        uncounted = isinstance(left, Uncounted) or isinstance(right, Uncounted)
        return False if len(left) != len(right) and not uncounted else None
    return bool(left == right)


def _unknown(sign: str, place: Place) -> Text:
    return Text.unknown(f"an operand of {sign} is known only after apply", place)
