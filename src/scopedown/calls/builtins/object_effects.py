"""The verbs of a library's objects, which may hold a value: locks, pools, threads, references, queues, contexts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from scopedown.calls.bounds import HELD
from scopedown.calls.builtins.builtin_call import NOTHING, Call, Habits, is_nothing
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import UnknownValue, Value, join, options
from scopedown.core.place import Place


class LibraryObject(Native):
    """An object whose members are the rows of its ``kind``; ``value`` is what it holds, None where that is nothing."""

    __slots__ = ("habits", "kind", "value")
    label = "{self.kind}"

    def __init__(self, kind: str, habits: Habits, value: Value | None = None) -> None:
        self.kind = kind
        self.habits = habits
        self.value = value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What a row says, else what the language says of members without one."""
        found = self.habits.members.member(self, name, run, place, self.kind)
        return self.habits.unlisted(self, name, place) if found is None else found

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """An element, where a row is called ``[]``."""
        found = self.habits.members.member(self, "[]", run, place, self.kind)
        return super().index(key, run, place) if found is None else run.call(found, (key,), place)

    def put(self, key: Value, value: Value, run: Machine, place: Place) -> None:
        """What code writes to an element is not followed."""
        if self.habits.members.member(self, "[]", run, place, self.kind) is None:
            super().put(key, value, run, place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """A member that has a row is called with the value (Go's ``sync.Pool{New: f}``)."""
        found = self.habits.members.member(self, name, run, place, self.kind)
        if found is None:
            super().assign(name, value, run, place)
        else:
            run.call(found, (value,), place)

    def suppresses(self) -> bool:
        """What the language says."""
        return self.habits.suppresses(self.kind)


def held(call: Call) -> Value | None:
    """What the object holds; None where that is nothing."""
    return call.value.value if isinstance(call.value, LibraryObject) else None


def _held(call: Call, otherwise: str = "") -> Value:
    """The same; ``nothing`` where it is empty, otherwise an unknown value."""
    if (value := held(call)) is not None:
        return value
    return NOTHING if otherwise else UnknownValue("what was put into an object", call.place, inert=True)


def _hold(call: Call, at: str = "$-1") -> Value:
    """It may hold an argument from now on; what it held before may come once more. Gives what it held before."""
    before, value = held(call), call.argument(int(at[1:]))
    if isinstance(into := call.value, LibraryObject) and value is not None:
        if before is not None and len(options(before)) >= HELD.most:
            call.run.bound(HELD, call.place)
        else:
            into.value = value if before is None or is_nothing(before) else join(before, value)
    return before or NOTHING


def _call_held(call: Call) -> Value:
    """What the function gives that it holds."""
    value = held(call)
    return _held(call) if value is None else call.run.call(value, (), call.place)


def _update(call: Call) -> Value:
    """The last argument makes the new value of the present one and the arguments before it."""
    *further, function = call.site.positional or (NOTHING,)
    made = call.run.call(function, (held(call) or NOTHING, *further), call.place)
    if isinstance(call.value, LibraryObject):
        _hold(replace(call, site=replace(call.site, positional=(made,))))
    return made


VERBS: Final[Mapping[str, Callable[..., Value]]] = {
    "call-held": _call_held, "held": _held, "hold": _hold, "update": _update,
}  # fmt: skip
"""By the names that rows have for them."""
