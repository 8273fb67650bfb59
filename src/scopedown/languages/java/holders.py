"""Java's objects that hold values: Optional, futures and entries of maps; what its collections are like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from scopedown.calls.builtins.builtin_call import Call, Habits
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import Const, Object, Sequence, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.java.natives import (
    NOTHING,
    bound,
    computed,
    first_of,
    given,
    is_null,
    otherwise,
)


@dataclass(frozen=True, slots=True, eq=False)
class Optional(Native):
    """``Optional``: the value, null where it may be empty; its members are rows of ``builtins.tsv``."""

    label = "an Optional"
    value: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What a row says."""
        return member_of("Optional", self, name, run, place)


class Future(Native):
    """A value that is there later: ``CompletableFuture``, what an executor gives; its members are rows."""

    __slots__ = ("value",)
    label = "a future"

    def __init__(self, value: Value) -> None:
        self.value = value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What a row says, also of the name that ends in ``Async``."""
        return member_of("Future", self, name.removesuffix("Async"), run, place)


def member_of(kind: str, value: Native, name: str, run: Machine, place: Place) -> Value:
    """A member by the rows of a kind."""
    found = HABITS.members.member(value, name, run, place, kind)
    return computed(name) if found is None else found


@dataclass(frozen=True, slots=True, eq=False)
class Entry(Native):
    """A key of a map with its value."""

    label = "an entry of a map"

    key: Value
    value: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``getKey``, ``getValue``; Kotlin reads them as properties."""
        if name in ("getKey", "getLeft", "getFirst"):
            return bound(self, name, lambda site, run: self.key)
        if name in ("getValue", "getRight", "getSecond"):
            return bound(self, name, lambda site, run: self.value)
        if name in ("key", "first", "left"):
            return self.key
        if name in ("value", "second", "right"):
            return self.value
        return computed(name)


class JavaHabits(Habits):
    """Entries are objects; a callback of a map gets key and value."""

    maps_are_lists = False

    def pair(self, key: Value, value: Value) -> Value:
        """``Map.Entry``."""
        return Entry(key, value)

    def parts(self, pair: Value, run: Machine, place: Place) -> tuple[Value, Value]:
        """Those of an entry, or of a list of two."""
        return (pair.key, pair.value) if isinstance(pair, Entry) else super().parts(pair, run, place)

    def perhaps(self, value: Value) -> Value:
        """``Optional``."""
        return Optional(value)

    def unlisted(self, value: Native, name: str, place: Place) -> Value:
        """A method that gives data."""
        return computed(name)

    def arguments(self, call: Call, callback: Value, item: Value, position: Value) -> tuple[Value, ...]:
        """An element, or the parts of an entry."""
        return self.parts(item, call.run, call.place) if isinstance(call.value, Object) else (item,)


HABITS: Final = JavaHabits()
"""Those of the language's own table."""


def inside(call: Call) -> Value:
    """What the object holds that the member is of."""
    return call.value.value if isinstance(call.value, Optional | Future) else call.value


def present(value: Value, place: Place) -> Value:
    """A value where it is not null."""
    some = [option for option in options(value) if not is_null(option)]
    return join(*some) if some else UnknownValue("the value of an empty Optional", place, inert=True)


def _or_else(call: Call) -> Value:
    return otherwise(inside(call), first_of(call.site))


def _or_else_get(call: Call) -> Value:
    if is_null(inside(call)) or any(not isinstance(one, Const) or is_null(one) for one in options(inside(call))):
        return otherwise(inside(call), call.run.call(first_of(call.site), (), call.place))
    return inside(call)


def _map(call: Call) -> Value:
    if is_null(inside(call)):
        return call.value
    made = call.run.call(first_of(call.site), (present(inside(call), call.place),), call.place)
    empty = any(is_null(option) for option in options(inside(call)))
    return Optional(join(made, NOTHING) if empty else made)


def _flat_map(call: Call) -> Value:
    if is_null(inside(call)):
        return call.value
    return call.run.call(first_of(call.site), (present(inside(call), call.place),), call.place)


def _if_present(call: Call) -> Value:
    if not is_null(inside(call)):
        call.run.call(first_of(call.site), (present(inside(call), call.place),), call.place)
    if len(call.site.positional) > 1:
        call.run.call(call.site.positional[1], (), call.place)
    return NOTHING


def _filter(call: Call) -> Value:
    if not is_null(inside(call)):
        call.run.call(first_of(call.site), (present(inside(call), call.place),), call.place)
    return Optional(join(inside(call), NOTHING))


def _or(call: Call) -> Value:
    return join(call.value, call.run.call(first_of(call.site), (), call.place))


def settled(value: Value) -> Value:
    """What a future gives, and what gives itself."""
    return join(*(option.value if isinstance(option, Future) else option for option in options(value)))


def _failure(place: Place) -> Value:
    return UnknownValue("an exception", place, inert=True)


def _then(call: Call) -> Value:
    return Future(settled(call.run.call(first_of(call.site), (inside(call),), call.place)))


def _then_run(call: Call) -> Value:
    call.run.call(first_of(call.site), (), call.place)
    return Future(NOTHING)


def _combine(call: Call) -> Value:
    return Future(settled(call.run.call(given(call.site, 1), (inside(call), settled(first_of(call.site))), call.place)))


def _handle(call: Call) -> Value:
    return Future(call.run.call(first_of(call.site), (inside(call), join(NOTHING, _failure(call.place))), call.place))


def _when_complete(call: Call) -> Value:
    call.run.call(first_of(call.site), (inside(call), join(NOTHING, _failure(call.place))), call.place)
    return call.value


def _exceptionally(call: Call) -> Value:
    other = call.run.call(first_of(call.site), (_failure(call.place),), call.place)
    return Future(join(inside(call), settled(other)))


def _complete(call: Call) -> Value:
    value = first_of(call.site)
    if isinstance(into := call.value, Future):
        into.value = value if is_null(into.value) else join(into.value, value)
    return UnknownValue("result of complete()", call.place, inert=True)


def _started(call: Call) -> Value:
    """A function runs, perhaps in another thread."""
    return Future(call.run.call(first_of(call.site), (), call.place))


OWN_VERBS: Final[Mapping[str, Callable[[Call], Value]]] = {
    "future": lambda call: Future(first_of(call.site)),
    "future-any": lambda call: Future(join(*map(settled, call.site.positional))),
    "future-combine": _combine,
    "future-complete": _complete,
    "future-failed": lambda call: Future(_failure(call.place)),
    "future-handle": _handle,
    "future-nothing": lambda call: Future(NOTHING),
    "future-or-call": _exceptionally,
    "future-tap": _when_complete,
    "future-then": _then,
    "future-then-run": _then_run,
    "inside": inside,
    "optional": lambda call: Optional(first_of(call.site)),
    "optional-filter": _filter,
    "optional-flat-map": _flat_map,
    "optional-map": _map,
    "optional-or": _or_else,
    "optional-or-call": _or_else_get,
    "optional-or-other": _or,
    "optional-stream": lambda call: Sequence([], inside(call)),
    "optional-tap": _if_present,
    "present": lambda call: present(inside(call), call.place),
    "started": _started,
}
"""By the names that rows have for them."""
