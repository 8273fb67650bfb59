"""The building blocks of the Python built-ins: functions, modules, and the whole of the standard library at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scopedown.calls.builtins.builtin_call import iterate as iterate
from scopedown.calls.builtins.builtin_call import listed as listed
from scopedown.calls.interpreter import stored_objects as stored
from scopedown.calls.machine import Function as Function
from scopedown.calls.machine import Machine, Native
from scopedown.calls.machine.functions import NOTHING as NOTHING
from scopedown.calls.machine.functions import bound as bound
from scopedown.calls.machine.functions import first_of as first_of
from scopedown.calls.machine.functions import identity as identity
from scopedown.calls.machine.functions import silent as silent
from scopedown.calls.machine.native import COLLECTIONS as COLLECTIONS
from scopedown.calls.machine.native import Body as Body
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Object,
    Sequence,
    UnknownValue,
    Value,
)
from scopedown.core.place import Place

_PASSIVE = frozenset(
    {"abc", "typing", "enum", "dataclasses", "types", "numbers", "contextlib", "collections", "decimal", "datetime"}
)
"""Modules of Python whose classes call nothing that a subclass defines, beside special methods."""


@dataclass(frozen=True, slots=True, eq=False)
class Library(Native):
    """The standard library where no model knows more: functions that are handed to it may run, objects do not change
    hands, and what it gives back is unknown. It serves as a base class and as a decorator without effect."""

    label = "{self.name}"
    name: str
    members: Mapping[str, Value] = field(default_factory=dict)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A known member, or more of the same."""
        kept = stored.get(run, name)
        return self.members.get(name) or kept or Library(f"{self.name}.{name}")

    def call(self, site: CallSite, run: Machine) -> Value:
        """Unknown; a function among the arguments is taken as called."""
        if site.decorator:
            return first_of(site)
        run.overseen(self.name, site)
        for value in site.all():
            for one in _inside(value):
                if _runs(one):
                    run.escape(one, site.place)
        if self.name.rpartition(".")[2][:1].isupper():  # a class: its object stays in the library's hands
            return Library(f"{self.name}()")
        return UnknownValue(f"result of {self.name}()", site.place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """Clients and objects are found again (``threading.local().client``); a function is a hook that may run
        (``sys.excepthook``, ``json.JSONEncoder.default``)."""
        if isinstance(value, FunctionValue):
            run.escape(value, place)
        stored.put(run, name, value)

    def suppresses(self) -> bool:
        """It may (``contextlib.suppress``)."""
        return True

    def calls_back(self) -> bool:
        """Whether it is a class of the standard library that calls what its subclasses define (``HTMLParser``)."""
        module, dot, _ = self.name.partition(".")
        return bool(dot) and module in sys.stdlib_module_names and module not in _PASSIVE

    def methods_called(self, cls: ClassValue) -> frozenset[str] | None:
        """Those of collections; ``object`` and abstract classes call nothing."""
        module = self.name.partition(".")[0]
        return None if module in ("object", "abc") else COLLECTIONS if module == "collections" else frozenset()


def _inside(value: Value, depth: int = 3) -> Iterator[Value]:
    """A value, and what is in the collections that it is made of."""
    yield value
    if depth and isinstance(value, Sequence | Object):
        for held in value.held():
            yield from _inside(held, depth - 1)


def _runs(value: Value) -> bool:
    """Whether the library may run it: a function, a class that derives from one of the library's."""
    if isinstance(value, ClassValue):
        return any(isinstance(base, Library | Function) for base in value.ancestry())
    return isinstance(value, FunctionValue) or (isinstance(value, Native) and value.callable_when_escaped)


def function(name: str, body: Body, **members_: Value) -> Function:
    """A function of the language by name."""
    return Function(name, body, None, members_)


def unknown(name: str) -> Function:
    """A function of which nothing comes back that matters, and that keeps nothing."""
    return Function(name, lambda site, run: UnknownValue(f"result of {name}()", site.place))


def decorator(name: str) -> Function:
    """A decorator without effect on calls, with or without arguments of its own."""

    def body(site: CallSite, run: Machine) -> Value:
        if len(site.positional) == 1 and not site.keywords and not isinstance(site.positional[0], Const):
            return site.positional[0]
        return identity(name)

    return Function(name, body)


def call(run: Machine, target: Value, site: CallSite) -> Value:
    """Call with keywords too."""
    return run.call_value(target, site)


def each(run: Machine, target: Value, lists: tuple[Sequence, ...], place: Place) -> Sequence:
    """The results of a function over the elements of lists side by side."""
    if not lists:
        return Sequence()
    length = min(len(sequence.items) for sequence in lists)
    known = all(sequence.rest is None for sequence in lists) and length <= 8
    if known:
        rows = [tuple(sequence.items[position] for sequence in lists) for position in range(length)]
        return Sequence([run.call(target, row, place) for row in rows])
    return Sequence([], run.call(target, tuple(sequence.element() for sequence in lists), place))


def spread_map(site: CallSite, run: Machine) -> Value:
    """``starmap(function, rows)``: the elements of each row are the arguments."""
    rows = listed(run, site.positional[1], site.place) if len(site.positional) > 1 else Sequence()
    made: list[Value] = []
    for row in rows.held():
        arguments = listed(run, row, site.place)
        complete = arguments.rest is None
        made.append(
            call(
                run,
                first_of(site),
                CallSite(tuple(arguments.items), {}, site.place, complete),
            )
        )
    return Sequence(made)
