"""Working out what built-ins give for known values, in any language: the bounds, and what is said beyond them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

MAX_TEXT: Final = 1_000_000
"""Characters of a text that is made; nothing that is deployed is longer."""
MAX_ITEMS: Final = 50_000

MAX_SUBJECT: Final = 4000
"""Characters of a text that a pattern reads."""
MAX_PATTERN: Final = 200
MAX_UNBOUNDED: Final = 2
MAX_COST: Final = 50_000
"""Units of work that one use of a pattern may take at the worst."""
_UNIT: Final = 5000
"""Steps of the matcher that are one unit."""
_IN_CLASS: Final = r"\\(?:[dDwWsSbnrtfv]|[^\w\s]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})|[^\]\\\[]"
_TOKEN: Final = re.compile(
    r"(?P<escape>\\(?:[dDwWsSbBnrtfv]|0(?!\d)|[^\w\s]))|(?P<class>\[\^?(?:" + _IN_CLASS + r")+\])|"
    r"(?P<open>\((?:\?:|\?P<[A-Za-z_]\w*>)?(?!\?))|(?P<close>\))|(?P<many>[*+]\??)|"
    r"(?P<few>\?\??|\{\d{1,3}(?:,\d{1,3})?\})|(?P<plain>[^\\\[\]()*+?{}])"
)
_SETS: Final = ("--", "&&", "||", "~~")
"""What a class of Python's may mean something else by."""


class NotKnown(Exception):
    """The result is not worked out; ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def checked(text: str) -> str:
    """A text that was made; raises NotKnown where it is too long."""
    if len(text) > MAX_TEXT:
        raise NotKnown("a text is longer than anything that is deployed")
    return text


@dataclass(frozen=True, slots=True)
class Effort:
    """What a pattern may take: how many quantifiers without an end it has, and in how many ways its other quantifiers
    and alternatives may be combined, at the most."""

    unbounded: int
    ways: int

    def units(self, subject: str) -> int:
        """The units of work that a use on a text may take; raises NotKnown where it is too much."""
        if len(subject) <= MAX_SUBJECT:
            units: int = len(subject) ** (self.unbounded + 1) * self.ways // _UNIT
            if units <= MAX_COST:
                return units
        raise NotKnown("a regular expression may take too long on this text")


def effort_of(pattern: str) -> Effort | None:
    """What a regular expression may take; None where a group repeats, or where its notation is not the one that
    JavaScript and Python share.

    >>> effort_of("a+b?"), effort_of("(a+)+")
    (Effort(unbounded=1, ways=2), None)
    """
    if len(pattern) > MAX_PATTERN:
        return None
    position = unbounded = 0
    ways = 1
    last = ""
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            return None
        kind = token.lastgroup or ""
        if kind in ("many", "few") and last not in ("escape", "class", "plain"):
            return None
        if kind == "class" and any(sign in token[0] for sign in _SETS):
            return None
        unbounded += kind == "many"
        if kind == "few" or token[0] == "|":
            bounds = [int(number) for number in re.findall(r"\d+", token[0])]
            ways *= abs(bounds[-1] - bounds[0]) + 1 if bounds else 2
        last, position = kind, token.end()
    return Effort(unbounded, ways) if unbounded <= MAX_UNBOUNDED else None
