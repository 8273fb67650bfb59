"""Python's built-ins where all that they are given is known: the running Python works them out, within bounds.

In: a function of plain values and the arguments of a call. Out: its result as a value, one for each combination of the
arguments' alternatives; None where an argument is not known or the result is not worked out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scopedown.calls.machine import Function, Machine
from scopedown.calls.values import CallSite, Const, Sequence, UnknownValue, Value, combinations, join
from scopedown.source.known import NotKnown

MAX_TEXT = 100_000
"""Longer text is not computed."""
MAX_NUMBER = 10_000
"""Larger numbers are no widths."""
MAX_LIST = 64
"""Elements of a list that is an argument; such lists may hold lists, but not themselves."""


def known_of(value: Value, depth: int = 2) -> Any:
    """A value as a known one; raises NotKnown."""
    match value:
        case Const(known):
            return known
        case Sequence(items=items, rest=None) if depth and len(items) <= MAX_LIST:
            return tuple(known_of(item, depth - 1) for item in items)
        case _:
            raise NotKnown("an argument is not known")


def folded(value: object) -> Value:
    """What a Python computation gave, as a value."""
    if isinstance(value, list | tuple):
        return Sequence([folded(item) for item in value])
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return UnknownValue("a long text")
    if isinstance(value, str | int | float | bool) or value is None:
        return Const(value)
    return UnknownValue("a computed value")


def worked_out(work: Callable[..., Any], site: CallSite, *names: str) -> Value | None:
    """What a built-in gives for the arguments of a call; ``names`` are those of the parameters, where they have some.
    None where it is not known."""
    if not site.complete or any(name not in names for name in site.keywords):
        return None
    keywords = tuple(site.keywords)
    combined = combinations(site.all())
    if combined is None:
        return None
    count = len(site.positional)
    try:
        made = []
        for values in combined:
            known = [known_of(value) for value in values]
            made.append(folded(work(*known[:count], **dict(zip(keywords, known[count:], strict=True)))))
    except (NotKnown, TypeError, ValueError, OverflowError, LookupError, AttributeError, MemoryError):
        return None
    return join(*made)


def computed(name: str, work: Callable[..., Any], *names: str) -> Function:
    """A function of known values; what it gives for others is unknown."""

    def body(site: CallSite, run: Machine) -> Value:
        found = worked_out(work, site, *names)
        return UnknownValue(f"result of {name}()", site.place) if found is None else found

    return Function(name, body)


def is_small(value: object) -> bool:
    """Whether a known value is no number that makes a text of any length."""
    return not isinstance(value, int) or abs(value) <= MAX_NUMBER
