"""The building blocks of Ruby's built-ins: functions, blocks, and the whole of the standard library at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from scopedown.calls.bounds import CAPTURED
from scopedown.calls.interpreter import members
from scopedown.calls.interpreter.changed_texts import change
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.machine.functions import NOTHING as NOTHING
from scopedown.calls.machine.functions import first_of as first_of
from scopedown.calls.machine.native import Body as Body
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.ruby.scope import BLOCK

Method = Callable[[Value, CallSite, Machine], Value]

PRECISE_ITEMS = 8
"""A block runs once for each of at most so many known elements, otherwise once for any."""


def method(receiver: Value, name: str, body: Method) -> Function:
    """A method of a value."""
    return Function(name, lambda site, run: body(receiver, site, run), receiver)


function = Function
"""A function by name."""


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
    if known is None or len(known) > PRECISE_ITEMS:
        return [element(value)], Sequence([], join(*_for_any(run, site, value, *further))), False
    results: list[Value] = []
    while len(results) < len(known):
        results.append(run_block(run, site, known[len(results)], *further))
        now = items(value)  # the block may add to the collection
        if now is None or len(now) > PRECISE_ITEMS:
            return known, Sequence([], join(*results, *_for_any(run, site, value, *further))), False
        known += now[len(known) :]
    return known, Sequence(results), True


def _for_any(run: Machine, site: CallSite, value: Value, *further: Value) -> list[Value]:
    """The same for any element: the block may not run, or run again after what it changed."""
    run.position.conditional += 1
    results = [run_block(run, site, element(value), *further) for _ in range(2)]
    run.position.conditional -= 1
    return results


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
        key = join(*names, *value.keys, *(() if value.rest is None and names else (unknown,)))
        return Sequence([key, join(*held) if held else unknown])
    return UnknownValue("an element")


@dataclass(frozen=True, slots=True, eq=False)
class Library(Native):
    """Ruby's standard library, or a gem that calls no AWS, where no model knows more: blocks that are handed to it
    run, and what it gives back is data, or an object of it, or one that it was given."""

    label = "{self.name}"
    name: str
    held: list[Value] = field(default_factory=list, kw_only=True)
    """Functions and objects that an object of the library was given, and may give back."""
    is_object: bool = field(default=False, kw_only=True)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """More of the same, and the members of what it holds."""
        own = Library(
            f"{self.name}{'::' if name[:1].isupper() else '.'}{name}", held=self.held, is_object=self.is_object
        )
        found = [members.attribute(run, one, name, place) for one in self.held if _has(run, one, name, place)]
        return join(own, *found) if found else own

    def call(self, site: CallSite, run: Machine) -> Value:
        """Data; a function among the arguments runs. Many methods give what their block gave (``synchronize``)."""
        run.overseen(self.name, site)
        block = block_of(site)
        for value in site.all():
            if value is not block and runs(value):
                run.escape(value, site.place)
        if self.name.rpartition(".")[2] in _FILLING:
            for value in site.positional:
                for option in options(value):
                    change(run, option, UnknownValue("a text that is changed in place"))
        given = [part for value in site.all() if value is not block for part in code_in(value)]
        made = self._made(f"result of {self.name}", given, run)
        if block is None:
            return made
        run.position.conditional += 1
        found = run.call(block, (self._made(f"argument of {self.name}", given, run),), site.place)
        run.position.conditional -= 1
        if isinstance(found, Const | UnknownValue):
            return made
        made.keep(code_in(found), run)
        return join(made, found) if self.is_object else found

    def _made(self, name: str, given: list[Value], run: Machine) -> Library:
        """What one of its methods gives. Objects keep what they are given."""
        made = Library(name, held=self.held if self.is_object else list(self.held), is_object=True)
        made.keep(given, run)
        return made

    def keep(self, given: list[Value], run: Machine) -> None:
        """Hold functions and objects."""
        for one in given:
            if any(one is other for other in self.held):
                continue
            if len(self.held) < CAPTURED.most:
                self.held.append(one)
            else:
                run.bound(CAPTURED)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An object of one of its classes; a block that is given to it gets it."""
        block = block_of(site)
        made = Library(f"{self.name} object", is_object=True)
        made.keep([part for value in site.all() if value is not block for part in code_in(value)], run)
        if block is not None:
            made.keep(code_in(run.call(block, (made,), site.place)), run)
        return made

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """An element of something that it gave."""
        return Library(f"{self.name}[…]", held=self.held, is_object=self.is_object)

    def put(self, key: Value, value: Value, run: Machine, place: Place) -> None:
        """``self[key] = value``."""
        self.assign("[]", value, run, place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """An object keeps what it is given; a function may run."""
        if self.is_object:
            self.keep(code_in(value), run)
        if runs(value):
            run.escape(value, place)

    def iterate(self, run: Machine, place: Place) -> Value:
        """An element of something that it gave."""
        return Library(f"element of {self.name}", held=self.held, is_object=self.is_object)

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What a class that derives from one of its classes inherits is not told."""
        return None

    def calls_back(self) -> bool:
        """Whether its methods, or the library that gets an object, may call what subclasses define: all but errors and
        what is plain data."""
        return not self.is_object and self.name not in _PLAIN and not self.name.endswith(("Error", "Exception"))


def _has(run: Machine, value: Value, name: str, place: Place) -> bool:
    """Whether something that a library was given has a member: the object's own, not what every object has."""
    match value:
        case Instance():
            return name in value.fields or members.member_of_class(run, value.cls, name, value, place) is not None
        case ClassValue():
            return name == "new" or members.own_member(run, value, f"self.{name}", place) is not None
        case FunctionValue():
            return name in _CALLING
        case _:
            return not isinstance(value, Library)


_WRITTEN_PLAIN: Final = """
    Array BasicObject Class Comparable Data Enumerable FileUtils Forwardable JSON Kernel Math Module Monitor
    MonitorMixin Mutex Object Set SingleForwardable Singleton String Struct
"""
_PLAIN: Final = frozenset(_WRITTEN_PLAIN.split())
"""Classes and modules that call only what :data:`~scopedown.languages.ruby.objects.CALLED_BY_ITSELF` has."""
_CALLING: Final = frozenset({"call", "()", "yield", "===", "[]"})
_FILLING: Final = frozenset(
    {
        "read",
        "readpartial",
        "read_nonblock",
        "sysread",
        "pread",
        "primitive_convert",
        "recv",
        "recv_nonblock",
        "recvfrom",
    }
)
"""Methods that put what they give into a text that they are given."""


def code_in(value: Value, depth: int = 3) -> list[Value]:
    """The functions, objects and clients in a value, which what is made of it may have too."""
    found: list[Value] = []
    for option in options(value):
        if isinstance(option, Library):
            found += option.held
        elif isinstance(option, FunctionValue | Instance | ClassValue | Native):
            found.append(option)
        elif isinstance(option, Sequence | Object) and depth:
            for held in option.held():
                found += code_in(held, depth - 1)
    return found


def runs(value: Value) -> bool:
    """Whether a library may run what it is given: a function, a class of its own kind."""
    if isinstance(value, ClassValue):
        return any(isinstance(base, Library) for base in value.ancestry())
    return isinstance(value, FunctionValue) or (isinstance(value, Native) and value.callable_when_escaped)
