"""Texts that count something."""

from __future__ import annotations

from typing import Final

_MOST: Final = 18
"""Digits: beyond any list's end, and far from the number that ``int`` refuses (4,300)."""


def is_count(text: str) -> bool:
    """Whether a text is a number that counts, which ``int`` takes: digits of ASCII alone.

    >>> is_count("12"), is_count("²"), "²".isdigit()
    (True, False, True)
    """
    return len(text) <= _MOST and text.isascii() and text.isdecimal()
