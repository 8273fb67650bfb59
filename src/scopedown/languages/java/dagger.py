"""Dagger: the component that its compiler generates of an interface.

``DaggerX.create()`` and ``DaggerX.builder()…build()`` give an object whose methods give what the interface's methods
declare. What is injected into an object that the component is handed, it has had since it was made.

Source: https://dagger.dev/dev-guide/ ("Building the Graph").
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.interpreter import declared_types, injection
from scopedown.calls.machine import Activation, Machine, Native, within
from scopedown.calls.values import ClassValue, Const, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.java import containers
from scopedown.languages.java.natives import Function, bound


def component(name: str) -> Value | None:
    """The generated class by its full name (``com.acme.DaggerApp``; of an interface inside of a class,
    ``DaggerOuter_App``); None for other names."""
    package, _, kind = name.rpartition(".")
    if not kind.startswith("Dagger") or len(kind) < 7 or not kind[6].isupper():
        return None
    return Generated(f"{package}.{kind[6:].replace('_', '.')}" if package else kind[6:].replace("_", "."))


@dataclass(frozen=True, slots=True, eq=False)
class Generated(Native):
    """The generated class."""

    label = "the component of {self.interface}"
    interface: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``create()``, ``builder()``, ``factory()``: in the end, a component."""
        return Function(name, lambda site, run: Component(self.interface) if name == "create" else Builder(self))


@dataclass(frozen=True, slots=True, eq=False)
class Builder(Native):
    """A builder or a factory of the component: what it is given, the graph has by its type."""

    of: Generated

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``build()``, ``create(…)``, a module or an instance."""
        if name in ("build", "create"):
            return bound(self, name, lambda site, run: self._built(site.positional, run))
        return bound(self, name, lambda site, run: self._take(site.positional, run))

    def _take(self, values: tuple[Value, ...], run: Machine) -> Value:
        for value in values:
            for option in options(value):
                cls = getattr(option, "cls", None)
                if isinstance(cls, ClassValue):
                    injection.bind(run, cls, injection.of_value(option))
        return self

    def _built(self, values: tuple[Value, ...], run: Machine) -> Value:
        self._take(values, run)
        return Component(self.of.interface)

    def describe(self) -> str:
        """For messages."""
        return self.of.describe()


@dataclass(frozen=True, slots=True, eq=False)
class Component(Native):
    """A component."""

    label = "a component of {self.interface}"
    interface: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method of the interface: it gives what it declares, or injects into what it is handed."""
        return bound(self, name, lambda site, run: self._given(name, run, site.place))

    def _given(self, name: str, run: Machine, place: Place) -> Value:
        interface = run.qualified(self.interface, place, is_import=False)
        found: list[Value] = []
        for option in options(interface) if interface is not None else ():
            if isinstance(option, ClassValue):
                containers.register(run, option.frame.file)
                found += _declared(run, option, name, place)
        return join(*found) if found else Const(None)


def _declared(run: Machine, interface: ClassValue, name: str, place: Place) -> list[Value]:
    for cls in interface.ancestry():
        if not isinstance(cls, ClassValue):
            continue
        for member, written in cls.definition.types:
            if member != f"{name}()":
                continue
            with within(run, cls.frame):
                types = tuple(declared_types.named(run, Activation(cls.frame, False), written))
            made = injection.of_types(run, types, place)
            return [made or UnknownValue(f"what {name}() of a component gives", place)]
    return []
