"""The elements of Java's collections, for methods that go through them."""

from __future__ import annotations

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine
from scopedown.calls.values import Sequence, UnknownValue, Value, is_nothing, joined, options
from scopedown.core.place import Place


def elements(run: Machine, value: Value, place: Place) -> Sequence:
    """The elements of a collection, in order where they are known."""
    found: list[Sequence] = []
    for option in options(value):
        if isinstance(option, Sequence):
            found.append(option)
        elif not is_nothing(option):
            known = members.known_items(run, option, False)
            element = Sequence([], members.iterate(run, option, place, False))
            found.append(element if known is None else Sequence(known))
    if len(found) == 1:
        return found[0]
    return Sequence([], joined(*(any_of(one) for one in found)))


def any_of(value: Sequence) -> Value | None:
    """What any one element may be; None where there is none for certain."""
    return value.element() if value.items or value.rest is not None else None


def element_of(value: Sequence, place: Place) -> Value:
    """Any one element."""
    return any_of(value) or UnknownValue("element of an empty list", place, inert=True)
