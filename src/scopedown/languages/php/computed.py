"""Classes whose names a program computes: ``new $name()``, ``$name::make()``, ``new ReflectionClass($name)``
(https://www.php.net/manual/en/book.reflection.php)."""

from __future__ import annotations

from typing import Final

from scopedown.calls.builtins.python_native import Function
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, ClassValue, Const, External, Instance, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.php.native import Library, class_named, first_of, items

COMPUTED: Final = ("php", "<computed>")
"""Noted where a class may be any, so that classes which nothing ran may run all the same."""


def class_of(site: CallSite, run: Machine) -> Value:
    """The class that a value names; what is no text stays as it is."""
    found: list[Value] = []
    for option in options(first_of(site)):
        if isinstance(option, Const) and isinstance(option.value, str):
            named = class_named(run, option.value, site.place)
            found.append(named if named is not None else External(option.value))
            continue
        if isinstance(option, Instance):
            found.append(option.cls)
            continue
        if not isinstance(option, ClassValue | Native | Const):
            run.heap.names[COMPUTED] = Const(True)
        if isinstance(option, UnknownValue):  # a name may be data; the class and its objects are not
            option = UnknownValue("a class with a computed name", site.place)
        found.append(option)
    return join(*found)


class Reflection(Native):
    """``ReflectionClass`` and ``ReflectionObject``."""

    __slots__ = ()

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new ReflectionClass($name)``."""
        return Reflected(class_of(site, run), first_of(site))

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Constants."""
        return Library(f"ReflectionClass::{name}")


class Reflected(Native):
    """A class that the program looks at, and of which it may make objects."""

    __slots__ = ("cls", "name")

    def __init__(self, cls: Value, name: Value) -> None:
        self.cls = cls
        self.name = name

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``newInstance(…)``, ``newInstanceArgs([…])``; the rest tells of the class."""
        if name.startswith(("newInstance", "newLazy")):
            return Function(name, lambda site, run: self._made(name, site, run), self)
        if name == "getName":
            return Function(name, lambda site, run: self.name, self)
        return Library(f"ReflectionClass::{name}")

    def _made(self, name: str, site: CallSite, run: Machine) -> Value:
        given = CallSite(site.positional, site.keywords, site.place, site.complete)
        if name == "newInstanceArgs":
            known = items(first_of(site))
            given = CallSite(tuple(known or ()), {}, site.place, complete=known is not None)
        elif name != "newInstance":
            given = CallSite((), {}, site.place, complete=False)
        if any(isinstance(one, UnknownValue | Library) for one in given.positional):
            given = CallSite((), {}, site.place, complete=False)  # what a container looked up by the declared types
        return run.call_value(self.cls, given, new=True)
