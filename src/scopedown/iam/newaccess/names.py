"""Actions as sets: each pattern of a policy is one integer with a bit for every action that it matches.

The names of AWS's actions are given by the caller (the evaluator needs no catalog); names that policies write and AWS's
list lacks are added, so that no action of a policy is overlooked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache

from scopedown.iam.folding import fold
from scopedown.iam.wildcard import glob, matcher

ALWAYS_ALLOWED = "sts:getcalleridentity"
"""Allowed without any permission (rule 15), so it is never new."""


class Names:
    """The actions that AWS has: ``known`` as its list writes them, for instance ``s3:GetObject``."""

    def __init__(self, known: Sequence[str]) -> None:
        named = {fold(name): name for name in known}
        self.lower = sorted(named)
        self.written = [named[name] for name in self.lower]
        self.count = len(self.lower)
        self._kept: dict[str, int] = {}

    def mask(self, pattern: str) -> int:
        """The set of a pattern in lower case."""
        found = self._kept.get(pattern)
        if found is None:
            found = self._kept[pattern] = self._mask(pattern)
        return found

    def _mask(self, pattern: str) -> int:
        if pattern == "*":
            return (1 << self.count) - 1
        first, last = self._range(pattern)
        if pattern.endswith(":*") and "*" not in pattern[:-1] and "?" not in pattern:
            return (1 << last) - (1 << first)
        fits = matcher(glob(pattern))
        return sum(1 << at for at in range(first, last) if fits(self.lower[at]))

    def _range(self, pattern: str) -> tuple[int, int]:
        """Where the names begin and end that have the pattern's beginning."""
        head = pattern[: min((at for at in (pattern.find("*"), pattern.find("?")) if at >= 0), default=len(pattern))]
        return bisect_left(self.lower, head), bisect_left(self.lower, head + "\U0010ffff")


@lru_cache(maxsize=4)
def names_of(known: tuple[str, ...]) -> Names:
    """The sets of a list of names, which are kept: every comparison of a process has the same."""
    return Names(known)


class Vocabulary:
    """The actions of one comparison: those of AWS, and those that its policies name beside them."""

    def __init__(self, known: Sequence[str], patterns: Iterable[str]) -> None:
        self.names = names_of(tuple(known))
        literal = {fold(one) for one in patterns if "*" not in one and "?" not in one}
        listed = self.names.lower
        self.more = sorted(
            one for one in literal if (at := bisect_left(listed, one)) == len(listed) or listed[at] != one
        )
        self.all = self.mask("*")

    def mask(self, pattern: str) -> int:
        """The set of a pattern in lower case."""
        found = self.names.mask(pattern)
        if self.more:
            fits = matcher(glob(pattern))
            found |= sum(1 << self.names.count + at for at, one in enumerate(self.more) if fits(one))
        return found

    def written(self, at: int) -> str:
        """The name of a bit, as AWS writes it."""
        return self.names.written[at] if at < self.names.count else self.more[at - self.names.count]

    def names_in(self, mask: int) -> list[str]:
        """The names of a set, in order."""
        return [self.written(at) for at in bits(mask)]

    def first(self, mask: int) -> str:
        """One name of a set that is not empty."""
        return self.written((mask & -mask).bit_length() - 1)


def bits(mask: int) -> list[int]:
    """The numbers of the bits that are set.

    >>> bits(0b1011)
    [0, 1, 3]
    """
    text = bin(mask)[:1:-1]
    found = []
    at = text.find("1")
    while at >= 0:
        found.append(at)
        at = text.find("1", at + 1)
    return found
