"""Scalars as JavaScript and js-yaml know them: what a plain word of YAML is, and how a value reads as text.

The framework reads with js-yaml 4, whose core schema differs from PyYAML's: ``yes``, ``on``, ``1:30`` and
``1_000`` are text, ``0777`` is 777, and dates stay text since the framework leaves timestamps out of its schema.
Its values then pass through JSON, so infinities and NaN become null, and integers beyond 2**53 lose digits.
Sources: js-yaml 4 ``lib/type/{int,float,bool,null}.js``; osls 4.3.1 ``cloudformation-schema``; ECMA-262
``Number::toString``.
"""

from __future__ import annotations

import math
import re
from typing import Any, Final

from scopedown.core.text import Text

_INT: Final = re.compile(r"[-+]?(?:0b[01]+|0x[0-9a-fA-F]+|0o[0-7]+|[0-9]+)\Z")
_FLOAT: Final = re.compile(r"(?:[-+]?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?)\Z")
_SPECIAL: Final = frozenset(
    f"{sign}.{word}" for sign in ("", "+", "-") for word in ("inf", "Inf", "INF")
) | {".nan", ".NaN", ".NAN"}  # fmt: skip
_WORDS: Final[dict[str, Any]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_YAML: Final = "tag:yaml.org,2002:"
_SAFE: Final = 2**53


def plain_scalar(text: str) -> Any:
    """The value of a plain (unquoted, untagged) scalar.

    >>> [plain_scalar(word) for word in ("yes", "0777", "1_000", "1:30", "2012-10-17", "1e3", "~", ".inf")]
    ['yes', 777, '1_000', '1:30', '2012-10-17', 1000, None, None]
    """
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first not in "+-.0123456789":
        return text
    if _INT.match(text):
        return _integer(text)
    if _FLOAT.match(text):
        return number(float(text))
    return None if text in _SPECIAL else text


def _integer(text: str) -> Any:
    sign = -1 if text[0] == "-" else 1
    digits = text.lstrip("+-")
    base = {"b": 2, "x": 16, "o": 8}.get(digits[1:2], 10)
    if len(digits) > 400:
        return None if base == 10 else text
    return number(sign * int(digits if base == 10 else digits[2:], base))


def number(value: int | float) -> int | float | None:
    """A number after a journey through JavaScript and JSON: whole numbers are ints, what JSON lacks is None."""
    if isinstance(value, int):
        if abs(value) <= _SAFE:
            return value
        try:
            return float(value)
        except OverflowError:
            return None
    if math.isinf(value) or math.isnan(value):
        return None
    return int(value) if value.is_integer() and abs(value) <= _SAFE else value


def tagged_scalar(tag: str, text: str) -> tuple[bool, Any]:
    """The value of a scalar with an explicit core tag: (whether the tag is known, the value)."""
    if tag == f"{_YAML}str":
        return True, text
    if tag in (f"{_YAML}int", f"{_YAML}float", f"{_YAML}bool", f"{_YAML}null"):
        return True, plain_scalar(text)
    if tag in (f"{_YAML}timestamp", f"{_YAML}binary"):
        return True, text
    return False, None


def key_text(value: Any) -> str:
    """A mapping's key as JavaScript makes it a property's name."""
    return value if isinstance(value, str) else js_text(value, null="null")


def js_text(value: Any, null: str = "") -> str:
    """A value as JavaScript's string conversion writes it (arrays joined by commas).

    >>> js_text(5), js_text(True), js_text([1, "a"]), js_text(1e21), js_text(0.1)
    ('5', 'true', '1,a', '1e+21', '0.1')
    """
    if isinstance(value, str):
        return value
    if value is None:
        return null
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number_text(value)
    if isinstance(value, list):
        return ",".join(js_text(item) for item in value)
    if isinstance(value, Text):
        return str(value)
    return "[object Object]"


def _number_text(value: int | float) -> str:
    if isinstance(value, int) and abs(value) < 10**21:
        return str(value)
    try:
        text = repr(float(value))
    except OverflowError:  # an integer beyond what JavaScript can count to
        return "-Infinity" if value < 0 else "Infinity"
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return mantissa.removesuffix(".0")
    power = int(exponent)
    mantissa = mantissa.removesuffix(".0")
    if -7 < power < 21:
        whole, _, fraction = mantissa.lstrip("-").partition(".")
        sign = "-" if mantissa.startswith("-") else ""
        if power < 0:
            return f"{sign}0.{'0' * (-power - 1)}{whole}{fraction}"
        return sign + whole + fraction.ljust(power, "0")
    return f"{mantissa}e{'+' if power > 0 else '-'}{abs(power)}"
