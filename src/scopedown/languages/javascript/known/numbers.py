"""Numbers: as they are written, what becomes one, arithmetic, and how they are written again."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Final

from scopedown.languages.javascript.known.values import SPACE, UNDEFINED, Known, text_of
from scopedown.source.known import NotKnown

FAR: Final = 2**53
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_IN_TEXT: Final = re.compile(
    r"0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[-+]?(?:Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
)
"""A text that is a number (https://tc39.es/ecma262/#prod-StringNumericLiteral)."""


def arithmetic(value: float | int) -> int | float:
    """A number as JavaScript has it: whole ones are ints."""
    if isinstance(value, int):
        if abs(value) <= FAR:
            return value
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    return int(value) if math.isfinite(value) and value.is_integer() and abs(value) <= FAR else value


def number_literal(written: str) -> int | float | None:
    """A number as it is written; None for a bigint.

    >>> number_literal("1_000"), number_literal("0x1F"), number_literal("1.50"), number_literal("1e3")
    (1000, 31, 1.5, 1000)
    """
    word = written.replace("_", "").lower()
    if word.endswith("n") and not word.startswith("0x"):
        return None
    try:
        value: float | int = int(word[:300], 0) if word[:2] in ("0x", "0o", "0b") else float(word)
    except ValueError:
        return None
    return arithmetic(value)


def number_of(value: Known) -> float | int:
    """A value as a number; what is none is not a number.

    >>> number_of(" 0x1F "), number_of("-5"), number_of(""), number_of("-0x1F"), number_of("inf")
    (31, -5, 0, nan, nan)
    """
    if isinstance(value, dict | list):
        value = text_of(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    if value is None:
        return 0
    if isinstance(value, str):
        word = value.strip(SPACE)
        if not word:
            return 0
        found = number_literal(word.lstrip("+-")) if len(word) < 400 and _IN_TEXT.fullmatch(word) else None
        if found is None:
            return math.nan
        return -found if word[0] == "-" else found
    return math.nan


def loosely_equal(left: Known, right: Known) -> bool:
    """``left == right`` of values that are no objects.

    >>> loosely_equal(None, UNDEFINED), loosely_equal(0, False), loosely_equal("1", 1), loosely_equal(None, 0)
    (True, True, True, False)
    """
    empty = [value is None or value is UNDEFINED for value in (left, right)]
    if any(empty):
        return all(empty)
    if isinstance(left, str) is isinstance(right, str):
        return bool(left == right)
    return number_of(left) == number_of(right)


def position(value: Known, default: int = 0) -> int:
    """A value as a place in a row: not a number counts as 0, infinity as something beyond every row."""
    if value is UNDEFINED:
        return default
    number = number_of(value)
    if math.isnan(number):
        return 0
    return int(number) if abs(number) < FAR else FAR if number > 0 else -FAR


def calculated(sign: str, left: float | int, right: float | int) -> int | float | None:
    """``left sign right`` of numbers; None for an operator that is not read."""
    try:
        if sign == "+":
            return arithmetic(left + right)
        if sign == "-":
            return arithmetic(left - right)
        if sign == "*":
            return arithmetic(left * right)
        if sign == "/":
            if right == 0:
                return math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, left)
            return arithmetic(left / right)
        if sign == "%":
            return math.nan if right == 0 else arithmetic(math.fmod(left, right))
        if sign == "**":
            return arithmetic(float(left) ** float(right))
        if sign in ("&", "|", "^", "<<", ">>") and all(abs(number) < 2**31 for number in (left, right)):
            return _of_bits(sign, int(left), int(right))
    except (OverflowError, ZeroDivisionError, ValueError, TypeError):
        return math.nan
    return None


def _of_bits(sign: str, left: int, right: int) -> int:
    if sign in ("<<", ">>"):
        shifted = left << (right % 32) if sign == "<<" else left >> (right % 32)
        return (shifted + 2**31) % 2**32 - 2**31
    return left & right if sign == "&" else left | right if sign == "|" else left ^ right


def parse_int(text: str, base: Known = UNDEFINED) -> int | float:
    """``parseInt(text, base)``.

    >>> parse_int("12px"), parse_int("0x1f"), parse_int("zz", 36), parse_int("x")
    (12, 31, 1295, nan)
    """
    found = re.match(r"\s*([-+]?)(0[xX])?([0-9a-zA-Z]{0,60})", text)
    sign, prefix, word = found.groups() if found else ("", None, "")
    radix = position(base)
    if prefix and radix in (0, 16):
        radix = 16
    elif prefix:
        word = prefix + word
    radix = radix or 10
    if not 2 <= radix <= 36:
        return math.nan
    digits = _DIGITS[:radix]
    length = next((at for at, letter in enumerate(word.lower()) if letter not in digits), len(word))
    return arithmetic(int(sign + word[:length], radix)) if length else math.nan


def parse_float(text: str) -> int | float:
    """``parseFloat(text)``."""
    found = re.match(r"\s*([-+]?(?:\d{1,50}\.?\d{0,50}|\.\d{1,50})(?:[eE][-+]?\d{1,4})?)", text)
    return arithmetic(float(found[1])) if found else math.nan


def fixed(value: int | float, digits: Known = UNDEFINED) -> str:
    """``value.toFixed(digits)``.

    >>> fixed(1.5), fixed(2.5), fixed(3, 2), fixed(1.005, 2), fixed(-0.4)
    ('2', '3', '3.00', '1.00', '-0')
    """
    from decimal import ROUND_HALF_UP, Context, Decimal

    places = position(digits)
    if not 0 <= places <= 100:
        raise NotKnown("toFixed() allows at most 100 digits")
    if not math.isfinite(value) or abs(value) >= 1e21:
        return text_of(value)
    return f"{Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=130)):f}"


def written(value: int | float, base: Known = UNDEFINED) -> str:
    """``value.toString(base)``.

    >>> written(255, 16), written(-5, 2), written(0.5)
    ('ff', '-101', '0.5')
    """
    radix = position(base, 10)
    if radix == 10:
        return text_of(value)
    if not 2 <= radix <= 36 or not isinstance(value, int):
        raise NotKnown("numbers in another base are not supported")
    left, digits = abs(value), ""
    while left or not digits:
        left, digit = divmod(left, radix)
        digits = _DIGITS[digit] + digits
    return "-" + digits if value < 0 else digits


def call(name: str, value: int | float, arguments: list[Known]) -> Known:
    """``value.name(arguments)``; raises NotKnown."""
    if name not in METHODS:
        raise NotKnown(f"{name}() is not worked out")
    return METHODS[name](value, arguments[0] if arguments else UNDEFINED)


METHODS: Final[Mapping[str, Callable[[int | float, Known], Known]]] = {
    "toString": written,
    "toFixed": fixed,
    "valueOf": lambda value, _: value,
}

MATH: Final[Mapping[str, Callable[[list[int | float]], int | float]]] = {
    "max": lambda numbers: max(numbers, default=-math.inf),
    "min": lambda numbers: min(numbers, default=math.inf),
    "floor": lambda numbers: math.floor(numbers[0]),
    "ceil": lambda numbers: math.ceil(numbers[0]),
    "round": lambda numbers: math.floor(numbers[0] + 0.5),
    "abs": lambda numbers: abs(numbers[0]),
    "trunc": lambda numbers: math.trunc(numbers[0]),
}
"""``Math``'s functions of numbers."""


def of_math(name: str, arguments: list[Known]) -> int | float:
    """``Math.name(arguments)``."""
    numbers = [number_of(argument) for argument in arguments]
    if any(math.isnan(number) for number in numbers):
        return math.nan
    try:
        return arithmetic(MATH[name](numbers))
    except (ValueError, OverflowError, IndexError):
        return math.nan
