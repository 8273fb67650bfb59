"""Classes whose names a program computes: ``new $name()``, ``$name::make()``, ``new ReflectionClass($name)``
(https://www.php.net/manual/en/book.reflection.php)."""

from __future__ import annotations

from typing import Final

from scopedown.calls.interpreter import dispatch
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    External,
    FunctionValue,
    Instance,
    ModuleValue,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.php.function_names import is_own
from scopedown.languages.php.native import GIVEN, Library, callable_of, class_named, first_of, items

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
        if not isinstance(option, ClassValue | Native | Const) or isinstance(option, Library):
            run.heap.names[COMPUTED] = Const(True)
        if isinstance(option, UnknownValue | TextValue) or (
            isinstance(option, Library) and " " in option.name
        ):  # a name may be data; the class and its objects are not
            option = UnknownValue("a class with a computed name", site.place)
        found.append(option)
    return join(*found)


def callable_value(site: CallSite, run: Machine) -> Value:
    """What ``$value(…)`` calls: a text is the name of a function. One of which only a part is known is any function
    whose name fits; data may be the name of any."""
    found: list[Value] = []
    for option in options(first_of(site)):
        match option:
            case Const() | Sequence():
                function = callable_of(run, option, site.place)
                if function is None and isinstance(option, Const) and isinstance(option.value, str):
                    function = run.position.language.builtin(option.value.lstrip("\\").lower())
                found.append(option if function is None else function)
            case TextValue():
                found += fitting_functions(run, option)
                found.append(UnknownValue("a function by its name", site.place, inert=True))
            case UnknownValue() if option.inert and not option.reason.startswith(GIVEN):
                found.append(UnknownValue("a function by a name that is data", site.place))
            case Library(name=name) if not is_own(name.lower()):
                found.append(UnknownValue("a function by a name that is computed", site.place))
            case _:
                found.append(option)
    return join(*found)


def name(site: CallSite, run: Machine) -> Value:
    """The name of a member; of what PHP's own functions give nothing is known."""
    return join(*(
        UnknownValue("a computed name", site.place, inert=True) if isinstance(option, Library) else option
        for option in options(first_of(site))
    ))  # fmt: skip


def fitting_functions(run: Machine, name: Value) -> list[Value]:
    """The functions of the code whose names a text may be."""
    return [
        function
        for module in list(run.heap.modules.values())
        if isinstance(module, ModuleValue)
        for own in dispatch.fitting(list(module.frame.variables), name)
        if isinstance(function := module.frame.variables[own], FunctionValue)
    ]


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
        if name.startswith("newLazy"):
            return Function(name, self._lazy, self)
        if name.startswith("newInstance"):
            return Function(name, lambda site, run: self._made(name, site, run), self)
        if name == "getName":
            return Function(name, lambda site, run: self.name, self)
        return Library(f"ReflectionClass::{name}")

    def _lazy(self, site: CallSite, run: Machine) -> Value:
        """What is given fills the object, or makes it, when it is first used."""
        made = self._made("newInstanceWithoutConstructor", site, run)
        initializer = callable_of(run, first_of(site), site.place)
        return made if initializer is None else join(made, run.call(initializer, (made,), site.place))

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
