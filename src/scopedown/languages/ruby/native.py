"""The building blocks of Ruby's built-ins: functions, blocks, and the whole of the standard library at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scopedown.calls.builtins.python_native import Function
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
)
from scopedown.core.place import Place
from scopedown.languages.ruby.scope import BLOCK

Body = Callable[[CallSite, Machine], Value]
Method = Callable[[Value, CallSite, Machine], Value]

NOTHING = Const(None)
PRECISE_ITEMS = 8
"""A block runs once for each of at most so many known elements, otherwise once for any."""


def method(receiver: Value, name: str, body: Method) -> Function:
    """A method of a value."""
    return Function(name, lambda site, run: body(receiver, site, run), receiver)


def function(name: str, body: Body) -> Function:
    """A function by name."""
    return Function(name, body)


def first_of(site: CallSite) -> Value:
    """The first argument; nil where there is none."""
    return site.positional[0] if site.positional else NOTHING


def block_of(site: CallSite) -> Value | None:
    """The block of a call."""
    found = site.keywords.get(BLOCK)
    return None if found is None or (isinstance(found, Const) and found.value is None) else found


def options_of(site: CallSite) -> Object:
    """The keywords of a call, or the hash that stands for them, without the block."""
    named = {name: value for name, value in site.keywords.items() if name != BLOCK}
    if not named and site.positional and isinstance(last := site.positional[-1], Object):
        return last
    rest = None if site.complete else UnknownValue("further arguments", site.place)
    return Object(named, rest)


def run_block(run: Machine, site: CallSite, *given: Value) -> Value:
    """What the block of a call gives for some arguments; nil where there is no block."""
    block = block_of(site)
    return NOTHING if block is None else run.call(block, given, site.place)


def over(run: Machine, site: CallSite, value: Value, *further: Value) -> tuple[list[Value], Value, bool]:
    """What a block gives for the elements of a collection: the elements it ran for, what it gave for each, joined, and
    whether these are all. A hash has pairs."""
    known = items(value)
    which = known if known is not None and len(known) <= PRECISE_ITEMS else [element(value)]
    complete = which is known
    results = [run_block(run, site, item, *further) for item in which]
    return which, Sequence(results) if complete else Sequence([], join(*results)), complete


def items(value: Value) -> list[Value] | None:
    """All elements of a collection, or None where some are not known."""
    if isinstance(value, Sequence) and value.rest is None:
        return list(value.items)
    if isinstance(value, Object) and value.rest is None:
        return [Sequence([Const(key), held]) for key, held in value.fields.items()]
    return None


def element(value: Value) -> Value:
    """Any one element."""
    if isinstance(value, Sequence):
        return value.element() if value.items or value.rest is not None else UnknownValue("an element", inert=True)
    if isinstance(value, Object):
        held = value.held()
        names: list[Value] = [Const(key) for key in value.fields] if len(value.fields) <= PRECISE_ITEMS else []
        unknown = UnknownValue("a key", inert=True)
        key = join(*names, *(() if value.rest is None and names else (unknown,)))
        return Sequence([key, join(*held) if held else unknown])
    return UnknownValue("an element")


@dataclass(frozen=True, slots=True, eq=False)
class Library(Native):
    """Ruby's standard library, or a gem that calls no AWS, where no model knows more: blocks that are handed to it
    run, and what it gives back is data, or an object of it."""

    name: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """More of the same."""
        return Library(f"{self.name}{'::' if name[:1].isupper() else '.'}{name}")

    def call(self, site: CallSite, run: Machine) -> Value:
        """Data; a function among the arguments runs. Many methods give what their block gave (``synchronize``)."""
        run.overseen(self.name, site)
        block = block_of(site)
        for value in site.all():
            if value is not block and runs(value):
                run.escape(value, site.place)
        made = Library(f"result of {self.name}")
        if block is None:
            return made
        given = run.call(block, (Library(f"argument of {self.name}"),), site.place)
        return made if isinstance(given, Const | UnknownValue) else given

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An object of one of its classes; a block that is given to it gets it."""
        made = Library(f"{self.name} object")
        block = block_of(site)
        if block is not None:
            run.call(block, (made,), site.place)
        return made

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """An element of something that it gave."""
        return Library(f"{self.name}[…]")

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What a class that derives from one of its classes inherits is not told."""
        return None

    def describe(self) -> str:
        """Its name."""
        return self.name


def runs(value: Value) -> bool:
    """Whether a library may run what it is given: a function, a class of its own kind."""
    if isinstance(value, ClassValue):
        return any(isinstance(base, Library) for base in value.ancestry())
    return isinstance(value, FunctionValue) or (isinstance(value, Native) and value.callable_when_escaped)
