"""The building blocks of what Java's own classes are: functions, classes, and the standard library at large.

Kotlin's runtime builds on them too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scopedown.calls.builtins.builtin_call import is_nothing
from scopedown.calls.builtins.builtin_call import joined as joined
from scopedown.calls.interpreter import injection, members
from scopedown.calls.interpreter import stored_objects as stored
from scopedown.calls.interpreter.operators import either
from scopedown.calls.machine import Function as Function
from scopedown.calls.machine import Machine, Native
from scopedown.calls.machine.functions import NOTHING as NOTHING
from scopedown.calls.machine.functions import bound as bound
from scopedown.calls.machine.functions import first_of as first_of
from scopedown.calls.machine.functions import identity as identity
from scopedown.calls.machine.functions import silent as silent
from scopedown.calls.machine.native import Body as Body
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    TextValue,
    Union,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.core.text import Text

MAX_ITEMS = 64
"""A longer list is one of any length."""

READING = frozenset({"readValue", "convertValue", "treeToValue", "fromJson", "parseObject", "getForObject", "bean"})
"""Methods of libraries that make an object of a class that they are given: of Jackson, Gson, fastjson, Spring."""
ASKING = frozenset(
    {"getBean", "getBeanProvider", "findBean", "findOrInstantiateBean", "createBean", "select", "instance"}
)
"""Methods of containers that give an object of a class that they are given, or what is called by a name: Spring's,
Micronaut's, CDI's."""
_HOLDING = frozenset({"getBeanProvider", "findBean", "findOrInstantiateBean", "select", "instance"})
"""Those whose result has the object inside."""


class Guessed(Function):
    """A method that gives data, if there is one of that name."""

    __slots__ = ()

    is_guess = True


@dataclass(frozen=True, slots=True, eq=False)
class Library(Native):
    """The standard library where nothing more is known of it: functions that are handed to it may run, and what it
    gives back is data."""

    label = "{self.name}"
    name: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """More of the same, or what code kept there."""
        kept = stored.get(run, name) if run.heap.stored.values else None
        return kept or Library(f"{self.name}.{name}")

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """An element of it."""
        return UnknownValue(f"element of {self.name}", place, inert=True)

    def call(self, site: CallSite, run: Machine) -> Value:
        """What it gives is data, unless something that may run was handed to it. What reads data into objects of a
        class of the project gives such an object."""
        run.overseen(self.name, site)
        method = self.name.rpartition(".")[2]
        if method in ASKING and (found := asked(method, site, run)) is not None:
            return found
        if method in OPENING and (opened := opened_file(first_of(site))) is not None:
            return opened
        if method in READING:
            read = [one for one in site.positional if isinstance(one, ClassValue) and not one.definition.abstract]
            if read:
                anything = CallSite((), {}, site.place, complete=False, outside=True)
                return join(*(run.construct(one, anything) for one in read))
        quiet = True
        for value in site.all():
            quiet = hand_over(run, value, site.place) and quiet
        return Result(f"{self.name}()") if quiet else UnknownValue(f"result of {self.name}()", site.place)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An object of it; a reader of a file stands for the file."""
        self.call(site, run)
        read = next((one for one in site.positional if isinstance(one, File)), None)
        return read if read is not None else Library(self.name)

    def iterate(self, run: Machine, place: Place) -> Value:
        """An element of it."""
        return UnknownValue(f"element of {self.name}", place, inert=True)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """Clients and objects are found again."""
        stored.put(run, name, value)


OPENING = frozenset({"getResourceAsStream", "getResource", "getSystemResourceAsStream", "getSystemResource"})
"""Methods of classes and their loaders that give a file which stands beside the classes."""


@dataclass(frozen=True, slots=True, eq=False)
class File(Library):
    """A file beside the classes, or what reads it."""

    path: str = ""

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``openStream()``, ``toURI()`` are the file again."""
        if name in ("openStream", "toURI", "getPath", "getFile"):
            return Function(name, lambda site, run: self, self)
        return Library(f"{self.name}.{name}")


def opened_file(name: Value) -> Value | None:
    """The file of a name; None where the name is not known."""
    return File("a resource", name.value) if isinstance(name, Const) and isinstance(name.value, str) else None


def asked(method: str, site: CallSite, run: Machine) -> Value | None:
    """An object that a container is asked for; None where it is asked for nothing that is known."""
    types = [one for one in site.positional if isinstance(one, ClassValue | Native)]
    tokens = [one for one in types if isinstance(one, ClassValue) or one.names_a_client]
    named = [one for one in site.positional if isinstance(one, Const) and injection.bound_to(run, one, site.place)]
    found = [injection.resolve(run, one, site.place) for one in named or tokens]
    if not found:
        return None
    value = join(*found)
    return Function("get", lambda later, run: value) if method in _HOLDING else value


class Result(Library):
    """What the standard library gives: data of which nothing is known, whose methods are the library's too."""

    __slots__ = ()

    def as_text(self) -> Text | None:
        """Unknown."""
        return Text.unknown(f"result of {self.name}")


class Silent(Library):
    """A library that runs nothing while the function runs, whatever it is handed."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """More of the same."""
        return Silent(f"{self.name}.{name}")

    def call(self, site: CallSite, run: Machine) -> Value:
        """More of the same."""
        return Silent(f"{self.name}()")


@dataclass(frozen=True, slots=True, eq=False)
class JavaClass(Native):
    """A class of the standard library or of another that is known: its static members, and what ``new`` makes."""

    label = "{self.name}"
    name: str
    statics: Mapping[str, Value] = field(default_factory=dict)
    made: Body | None = None
    inherited: Mapping[str, Callable[[Value, CallSite, Machine], Value]] = field(default_factory=dict)
    """Methods that a class of the analysed code inherits, with the object first."""

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A static member."""
        found = self.statics.get(name)
        return found if found is not None else Library(f"{self.name}.{name}")

    def call(self, site: CallSite, run: Machine) -> Value:
        """Kotlin has no ``new``."""
        return self.construct(site, run)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An object."""
        return self.made(site, run) if self.made is not None else Library(self.name).construct(site, run)

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """An inherited method."""
        body = self.inherited.get(name)
        if body is None or not isinstance(owner, Instance):
            return super(JavaClass, self).member(owner, name, run, place)
        return Function(name, lambda site, run: body(owner, site, run), owner)


def hand_over(run: Machine, value: Value, place: Place, depth: int = 4) -> bool:
    """The standard library has a value: it may run functions, and objects whose classes are made for that (lambdas, a
    ``Runnable``); others do not change hands. Says whether it was data."""
    match value:
        case Const() | TextValue():
            return True
        case UnknownValue(inert=inert):
            return inert
        case Union() | Object() | Sequence() if depth > 0:
            held = value.options if isinstance(value, Union) else tuple(value.held()[:MAX_ITEMS])
            handed = [hand_over(run, option, place, depth - 1) for option in held]
            return all(handed)
        case FunctionValue():
            run.escape(value, place)
            return False
        case Instance() | ClassValue():
            cls = value.cls if isinstance(value, Instance) else value
            derived = any(isinstance(one, Library | JavaClass) for one in cls.ancestry())
            if derived and isinstance(value, Instance):
                run.escape(value, place)
            return isinstance(value, ClassValue)
        case Native():
            if value.callable_when_escaped:
                run.escape(value, place)
            return isinstance(value, Library | JavaClass)
        case External():
            run.escape(value, place)
            return False
        case _:
            return False


quiet = silent
"""A method that gives nothing and does nothing that matters."""

function = Function
"""A static method."""


def given(site: CallSite, at: int) -> Value:
    """An argument; null where there is none."""
    return site.positional[at] if at < len(site.positional) else NOTHING


def computed(name: str) -> Function:
    """A method that gives data."""
    return Guessed(name, lambda site, run: UnknownValue(f"result of {name}()", site.place, inert=True))


def otherwise(value: Value, other: Value) -> Value:
    """A value, or another one where it is null."""
    some = [one for one in options(value) if not isinstance(one, Result)]
    if len(some) == len(options(value)):
        return either(value, other)
    return join(value, other)


is_null = is_nothing
"""Whether a value is null for certain."""


def elements(run: Machine, value: Value, place: Place) -> Sequence:
    """The elements of a collection, in order where they are known."""
    found: list[Sequence] = []
    for option in options(value):
        if isinstance(option, Sequence):
            found.append(option)
        elif not is_null(option):
            known = members.known_items(run, option, False)
            element = Sequence([], members.iterate(run, option, place, False))
            found.append(element if known is None else Sequence(known))
    if len(found) == 1:
        return found[0]
    return Sequence([], joined(*(item for one in found for item in one.held())))


def element_of(value: Sequence, place: Place) -> Value:
    """Any one element."""
    return joined(*value.held()) or UnknownValue("element of an empty list", place, inert=True)
