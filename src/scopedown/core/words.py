"""Numbers of things, and some of many, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

MOST_SHOWN: Final = 5
"""Resources, or actions, that a message names one by one."""


def count(number: int, noun: str) -> str:
    """A number of things: ``1 function``, ``2 functions``."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def some_of(texts: Iterable[str], most: int = 3) -> str:
    """The first texts, and the number of the others.

    >>> some_of(["a", "b", "c"], 2), some_of(["a"], 2)
    ('a, b and 1 more', 'a')
    """
    listed = list(texts)
    return ", ".join(listed[:most]) + (f" and {len(listed) - most} more" if len(listed) > most else "")
