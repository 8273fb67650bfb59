"""Patterns found by their literal beginnings ("heads"): one look-up for each length that a head has.

Where heads have few lengths, this takes less time than cutting a text into words (:mod:`scopedown.iam.words`), and what
is found needs no merging: all heads that begin a text also begin the longest of them. Patterns that all begin alike can
only be told apart by their words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Value = TypeVar("Value")
_LENGTHS = 8
"""How many lengths are looked up at most: with more, a look-up by words is faster."""


def by_heads(
    patterns: Iterable[tuple[Sequence[object], int]], always: Sequence[int], values: Sequence[Value], most: int
) -> Callable[[str], Sequence[Value]] | None:
    """A look-up from a text to those ``values`` whose patterns may match it, in order.

    A pattern comes with the number of its value; whatever is not text in it is a wildcard. The values numbered in
    ``always`` are found for every text. None where the heads have too many lengths, or where more than ``most`` values
    share a head: so what is kept grows no faster than the patterns.
    """
    whole: dict[str, set[int]] = {}
    begun: dict[str, set[int]] = {}
    for pattern, number in patterns:
        head = pattern[0] if pattern and isinstance(pattern[0], str) else ""
        (whole if len(pattern) == 1 and head else begun).setdefault(head, set()).add(number)
    lengths = sorted({len(head) for head in begun}, reverse=True)
    if len(lengths) > _LENGTHS or any(len(numbers) > most for numbers in (always, *begun.values())):
        return None

    def found(text: str, numbers: set[int]) -> tuple[Value, ...]:
        shorter = (begun.get(text[:length], ()) for length in lengths if length <= len(text))
        return tuple(values[number] for number in sorted(numbers.union(always, *shorter)))

    exact = {text: found(text, numbers) for text, numbers in whole.items()}
    tables = [{head: found(head, begun[head]) for head in begun if len(head) == length} for length in lengths]
    by_length = list(zip(lengths, tables, strict=True))
    otherwise = tuple(values[number] for number in always)

    def of(text: str) -> Sequence[Value]:
        if (same := exact.get(text)) is not None:
            return same
        for length, table in by_length:
            if (longest := table.get(text[:length])) is not None:
                return longest
        return otherwise

    return of
