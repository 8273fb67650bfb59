"""The building blocks of PHP's built-ins: functions, callables, arrays, and the whole of the library at once."""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.interpreter import dispatch, members
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.machine.functions import NOTHING as NOTHING
from scopedown.calls.machine.functions import data as data
from scopedown.calls.machine.native import Body as Body
from scopedown.calls.machine.state import OpenCall
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    ModuleValue,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place


def first_of(site: CallSite) -> Value:
    """The first argument; null where there is none."""
    return next(iter(site.all()), NOTHING)


def argument(site: CallSite, index: int) -> Value | None:
    """An argument by its position; named ones stand in the order in which they are written."""
    given = site.all()
    return given[index] if index < len(given) else None


@dataclass(frozen=True, slots=True, eq=False)
class Library(Native):
    """PHP's own functions and classes, or a package that calls no AWS, where no model knows more: callbacks that are
    handed to it run, and what it gives back is data, or an object of it."""

    label = "{self.name}"
    name: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """More of the same."""
        return Library(f"{self.name}::{name.removeprefix('$')}")

    def call(self, site: CallSite, run: Machine) -> Value:
        """Data; a callback among the arguments runs. What was given with code in it may come back."""
        run.overseen(self.name, site)
        holds_code = False
        for value in site.all():
            held = value.held() if isinstance(value, Object | Sequence) else []
            for one in (value, *held):
                found = callable_of(run, one, site.place)
                if found is not None:
                    run.escape(found, site.place)
            holds_code = holds_code or any(map(_holds_code, (value, *held)))
        if self.name.rpartition("::")[2] in _REFLECTIVE:
            what = f"{self.name}() of a function or class that is looked up"
            run.trail.open.setdefault((None, site.place), OpenCall(None, site, what, is_member=False))
        made = Library(f"result of {self.name}")
        return join(made, UnknownValue(f"result of {self.name}()", site.place)) if holds_code else made

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An object of one of its classes."""
        self.call(site, run)
        return Library(f"{self.name} object")

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """An element of something that it gave."""
        return Library(f"{self.name}[…]")

    def iterate(self, run: Machine, place: Place) -> Value:
        """One of its elements."""
        return Library(f"element of {self.name}")

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """What is kept on its objects is not followed."""
        run.escape(value, place)

    def put(self, key: Value, value: Value, run: Machine, place: Place) -> None:
        """Nor is what it is kept by (``SplObjectStorage``)."""
        run.escape(key, place)
        run.escape(value, place)

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What a class that derives from one of its classes inherits is not told."""
        return None


_REFLECTIVE = frozenset({"invoke", "invokeArgs", "newInstance", "newInstanceArgs", "getClosure"})
"""Methods of what ReflectionClass and its like give (https://www.php.net/manual/en/book.reflection.php)."""


def _holds_code(value: Value) -> bool:
    return any(isinstance(option, Instance | FunctionValue) for option in options(value))


def unknown_callback(run: Machine, value: Value | None, site: CallSite) -> None:
    """A function of PHP calls what a value names, of which nothing is known: note it, as any other call is."""
    for option in options(value) if value is not None else ():
        is_name = isinstance(option, UnknownValue) and not option.reason.startswith(GIVEN)
        if is_name or isinstance(option, Library | TextValue):
            what = "a callback with a computed name"
            run.trail.open.setdefault((None, site.place), OpenCall(None, site, what, is_member=False))


GIVEN = "parameter"
"""How the reason begins for what code that is not read hands to a function: a callback of its own."""


def callable_of(run: Machine, value: Value | None, place: Place) -> Value | None:
    """What a value calls: a closure, an object, a function's name, an object or a class with a method's name
    (https://www.php.net/manual/en/language.types.callable.php); None where it is none."""
    found: list[Value] = []
    for option in options(value) if value is not None else ():
        match option:
            case FunctionValue() | Function():
                found.append(option)
            case Native() if option.callable_when_escaped:
                found.append(option)
            case Instance():
                method = members.member_of_class(run, option.cls, "__call__", option, place)
                if method is not None:
                    found.append(method)
            case Sequence(items=[owners, Const(value=str() as name)], rest=None):
                for owner in options(owners):
                    found += _method_of(run, owner, name, place)
            case Sequence(items=[owner, name], rest=None) if not isinstance(owner, Const):
                found.append(dispatch.computed(run, owner, name, place))
            case Const(value=str() as text) if "::" in text:
                named, _, method_name = text.partition("::")
                cls = class_named(run, named, place)
                if cls is not None:
                    found.append(members.attribute(run, cls, method_name, place))
                elif (own := _present(run, named)) is not None:
                    found += _of_ancestors(run, own, method_name, place)
            case Const(value=str() as text) if text.replace("\\", "").replace("_", "").isalnum():
                function = declared(run, text) or run.qualified(text.lstrip("\\"), place, is_import=False)
                if isinstance(function, FunctionValue):
                    found.append(function)
            case _:
                pass
    return join(*found) if found else None


def _method_of(run: Machine, owner: Value, name: str, place: Place) -> list[Value]:
    """``[$object, "run"]``, ``["Class", "run"]``, ``["self", "run"]``, ``[$this, "parent::run"]``."""
    if isinstance(owner, Const) and isinstance(owner.value, str):
        if (own := _present(run, owner.value)) is not None:
            return _of_ancestors(run, own, name, place)
        owner = class_named(run, owner.value, place) or owner
    if "::" in name and isinstance(owner, Instance):
        return _of_ancestors(run, owner, name.rpartition("::")[2], place)
    if isinstance(owner, Instance | ClassValue | FunctionValue | Native):
        return [members.attribute(run, owner, name, place)]
    return []


def _present(run: Machine, written: str) -> Instance | ClassValue | None:
    """What code runs for, an object or a class, where a text names its class or what that extends."""
    frame = run.position.frame
    if frame is None or written.lower() not in ("self", "static", "parent"):
        return None
    return frame.this if isinstance(frame.this, Instance | ClassValue) else frame.owner


def _of_ancestors(run: Machine, owner: Instance | ClassValue, name: str, place: Place) -> list[Value]:
    """The methods of a name that a class and its ancestors have, each as the class's or its object's."""
    cls = owner.cls if isinstance(owner, Instance) else owner
    classes = [cls for cls in cls.ancestry() if isinstance(cls, ClassValue)]
    return [members.bind(run, cls.fields[name], owner, place) for cls in classes if name in cls.fields]


def class_named(run: Machine, name: str, place: Place) -> Value | None:
    """The class of a whole name; None where no file and no model has it."""
    if not name.replace("\\", "").replace("_", "").isalnum():
        return None
    return declared(run, name) or run.qualified(name.lstrip("\\"), place, is_import=False)


def declared(run: Machine, name: str) -> Value | None:
    """The function or the class of a whole name that a file declares which runs already; capitals do not count
    (https://www.php.net/manual/en/functions.user-defined.php)."""
    wanted = name.lstrip("\\").lower()
    for module in list(run.heap.modules.values()):
        if isinstance(module, ModuleValue):
            for own, value in module.frame.variables.items():
                if own.lower() == wanted and isinstance(value, FunctionValue | ClassValue):
                    return value
    return None


# arrays


def items(value: Value) -> list[Value] | None:
    """The elements of an array in order, or None where some are not known."""
    if isinstance(value, Sequence) and value.rest is None:
        return list(value.items)
    if isinstance(value, Object) and value.rest is None:
        return list(value.fields.values())
    return None


def pairs(value: Value, place: Place) -> Value:
    """The elements with their keys, each as a list of two."""
    found: list[Value] = []
    rest: list[Value] = []
    unknown = UnknownValue("a key", place, inert=True)
    for option in options(value):
        match option:
            case Sequence():
                found += [Sequence([Const(number), item]) for number, item in enumerate(option.items)]
                rest += [] if option.rest is None else [Sequence([unknown, option.rest])]
            case Object():
                found += [Sequence([Const(key), item]) for key, item in option.fields.items()]
                rest += [] if option.rest is None else [Sequence([unknown, option.rest])]
            case Const():
                pass
            case _:
                rest.append(Sequence([unknown, _any(option, place)]))
    several = len([option for option in options(value) if not isinstance(option, Const)]) > 1
    if several:
        return Sequence([], join(*found, *rest)) if found or rest else Sequence()
    return Sequence(found, join(*rest) if rest else None)


def _any(option: Value, place: Place) -> Value:
    if isinstance(option, UnknownValue):
        return option.part(place)
    return UnknownValue("an element", place)
