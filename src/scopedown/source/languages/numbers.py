"""Numbers as source code writes them."""

from __future__ import annotations

from typing import Final

_MAX_DIGITS: Final = 40


def integer(text: str, suffixes: str = "", octal: bool = False) -> int | None:
    """A whole number with any prefix that Python knows, or ``0d``; None where it is none, or has too many digits.

    >>> integer("1_000L", "lL"), integer("0x1F"), integer("017", octal=True), integer("017")
    (1000, 31, 15, 17)
    """
    digits = text.replace("_", "").rstrip(suffixes)
    if digits[:2] in ("0d", "0D"):
        digits = digits[2:]
    if len(digits) > _MAX_DIGITS:
        return None
    try:
        if digits[:1] == "0" and digits.isdigit():
            return int(digits, 8 if octal else 10)
        return int(digits, 0)
    except ValueError:
        return None


def decimal(text: str, suffixes: str = "") -> float | None:
    """A number with a fraction; None where it is none.

    >>> decimal("1_0.5f", "fF"), decimal("x")
    (10.5, None)
    """
    try:
        return float(text.replace("_", "").rstrip(suffixes))
    except ValueError:
        return None
