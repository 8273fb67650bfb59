"""Arrays: which items are meant, and in which order they stand. The items themselves may be anybody's values."""

from __future__ import annotations

from collections.abc import Callable
from functools import cmp_to_key
from typing import TypeVar

from scopedown.languages.javascript.known.numbers import number_of, position
from scopedown.languages.javascript.known.values import UNDEFINED, Known, strictly_equal, text_of

Item = TypeVar("Item")


def whole(arguments: list[Known], index: int, default: int, length: int) -> int:
    """An argument as a position from the start or (negative) the end, within a row of a length."""
    found = position(arguments[index] if index < len(arguments) else UNDEFINED, default)
    return max(0, length + found) if found < 0 else min(found, length)


def bounds(arguments: list[Known], length: int) -> tuple[int, int]:
    """``slice``'s arguments as positions.

    >>> bounds([-2], 5), bounds([1, -1], 5), bounds([4, 2], 5)
    ((3, 5), (1, 4), (4, 2))
    """
    return whole(arguments, 0, 0, length), whole(arguments, 1, length, length)


def cut(arguments: list[Known], length: int) -> tuple[int, int]:
    """The positions that ``splice`` takes out.

    >>> cut([1, 2], 5), cut([-1], 5), cut([], 5)
    ((1, 3), (4, 5), (0, 0))
    """
    start = whole(arguments, 0, 0, length)
    if len(arguments) < 2:
        return start, length if arguments else start
    return start, min(length, start + max(0, position(arguments[1])))


def order(items: list[Known]) -> list[int]:
    """The positions of the items in the order that ``sort()`` brings them into: by their text, ``undefined`` last.

    >>> order([10, 9, UNDEFINED, 1])
    [3, 0, 1, 2]
    """
    return sorted(
        range(len(items)),
        key=lambda at: (items[at] is UNDEFINED, text_of(items[at]).encode("utf-16-be", "surrogatepass")),
    )


def order_by(items: list[Item], compare: Callable[[Item, Item], Known]) -> list[int]:
    """The same by a function of two items, whose result counts as a number; what is none changes nothing."""

    def sign(left: int, right: int) -> int:
        number = number_of(compare(items[left], items[right]))
        return (number > 0) - (number < 0)

    return sorted(range(len(items)), key=cmp_to_key(sign))


def index_of(items: list[Known], wanted: Known, start: Known = UNDEFINED) -> int:
    """``indexOf`` of items that are no objects."""
    first = whole([start], 0, 0, len(items))
    return next((at for at in range(first, len(items)) if strictly_equal(items[at], wanted)), -1)
