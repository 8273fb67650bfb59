"""Guice: bindings that a module's ``configure`` makes, and objects that an injector gives.

Source: https://github.com/google/guice/wiki (Bindings).
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.interpreter import injection, members
from scopedown.calls.machine import Machine, Native
from scopedown.calls.machine.state import Provider
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    Instance,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.java import containers
from scopedown.languages.java.natives import Function, JavaClass, bound, first_of

LANGUAGE = "java"
PACKAGES = ("com.google.inject",)


def module(name: str) -> Value | None:
    """A class of the package; others are no more than annotations."""
    kind = name.rpartition(".")[2]
    if kind == "Guice":
        return JavaClass(name, {"createInjector": Function("Guice.createInjector", _injector)})
    if kind in ("AbstractModule", "PrivateModule"):
        return ModuleClass(name)
    if kind == "Names":
        return JavaClass(name, {"named": Function("Names.named", lambda site, run: first_of(site))})
    if kind == "Key":
        return JavaClass(name, {"get": Function("Key.get", lambda site, run: site.positional[-1])})
    return containers.mark(name)


class ModuleClass(JavaClass):
    """``AbstractModule``: its methods are there in the modules of the project."""

    __slots__ = ()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """``bind``, ``install``, …"""
        if name == "bind" or name == "bindConstant":
            return Function(name, lambda site, run: Binding(first_of(site)), owner)
        if name == "install":
            return Function(name, lambda site, run: _install(site.positional, run, site.place), owner)
        if name == "binder":
            return Function(name, lambda site, run: owner, owner)
        return None


def _injector(site: CallSite, run: Machine) -> Value:
    _install(site.positional, run, site.place)
    return Injector()


def _install(modules: tuple[Value, ...], run: Machine, place: Place) -> Value:
    """The bindings of modules."""
    for value in modules:
        for one in value.held() if isinstance(value, Sequence) else [value]:
            for option in options(one):
                made = injection.single(run, option, place) if isinstance(option, ClassValue) else option
                if isinstance(made, Instance):
                    containers.register(run, made.cls.frame.file)
                    run.call(members.attribute(run, made, "configure", place), (), place)
    return Const(None)


class Binding(Native):
    """``bind(Store.class)``: what it is bound to comes next, and its name perhaps."""

    __slots__ = ("name", "token")
    label = "a binding"

    def __init__(self, token: Value) -> None:
        self.token = token
        self.name: Value | None = None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``to``, ``toInstance``, ``toProvider``, ``annotatedWith``."""
        if name == "annotatedWith":
            return bound(self, name, self._named)
        if name in ("to", "toConstructor"):
            return bound(self, name, lambda site, run: self._bind(run, injection.of_target(run, first_of(site))))
        if name == "toInstance":
            return bound(self, name, lambda site, run: self._bind(run, injection.of_value(first_of(site))))
        if name == "toProvider":
            return bound(self, name, lambda site, run: self._bind(run, _provided(run, first_of(site))))
        return bound(self, name, lambda site, run: self)

    def _named(self, site: CallSite, run: Machine) -> Value:
        self.name = first_of(site)
        return self

    def _bind(self, run: Machine, provider: Provider) -> Value:
        named = isinstance(self.name, Const)
        injection.bind(run, self.name if named and self.name is not None else self.token, provider)
        return self


def _provided(run: Machine, provider: Value) -> Provider:
    """What the ``get`` of a provider gives; it is an object or a class."""

    def make(place: Place) -> Value:
        made = [
            injection.single(run, option, place) if isinstance(option, ClassValue) else option
            for option in options(provider)
        ]
        return join(*(run.call(members.attribute(run, one, "get", place), (), place) for one in made))

    return Provider(make)


@dataclass(frozen=True, slots=True, eq=False)
class Injector(Native):
    """An injector."""

    label = "an injector"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``getInstance(Store.class)``."""
        if name == "getInstance":
            return bound(self, name, lambda site, run: injection.resolve(run, first_of(site), site.place))
        if name in ("getProvider", "getBinding"):
            return bound(self, name, self._provider)
        if name == "createChildInjector":
            return bound(self, name, _injector)
        return bound(self, name, lambda site, run: UnknownValue(f"result of {name}()", site.place, inert=True))

    def _provider(self, site: CallSite, run: Machine) -> Value:
        token = first_of(site)
        return Function("provider", lambda later, run: injection.resolve(run, token, later.place))
