"""Symfony's services in PHP: ``config/services.php`` returns a function that describes them step by step
(https://symfony.com/doc/current/service_container/import.html, symfony/dependency-injection
Loader/Configurator/ServicesConfigurator.php). The steps are put together to what the YAML would say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.php.native import Library, argument, first_of

_SPACE: Final = "Symfony\\Component\\DependencyInjection\\Loader\\Configurator\\"


def _form(written: str) -> Callable[[CallSite, Machine], Value]:
    def body(site: CallSite, run: Machine) -> Value:
        for option in options(first_of(site)):
            if isinstance(option, Const) and isinstance(option.value, str):
                return Const(written.format(option.value))
        return UnknownValue("a part of the configuration", site.place)

    return body


FUNCTIONS: Final[dict[str, Callable[[CallSite, Machine], Value]]] = {
    _SPACE + "service": _form("@{}"),
    _SPACE + "ref": _form("@{}"),
    _SPACE + "param": _form("%{}%"),
    _SPACE + "env": _form("%env({})%"),
}
"""What the functions of the configuration's namespace stand for."""


class Configurator(Native):
    """The container's configuration, its services, or one of them."""

    __slots__ = ("data", "service")

    def __init__(self, data: Object, service: Object | None = None) -> None:
        self.data = data
        self.service = service

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """One step."""
        return Function(f"Configurator::{name}", lambda site, run: self._step(name, site), self)

    def _step(self, name: str, site: CallSite) -> Value:
        if name == "env":
            return Library("an environment")
        given, more = first_of(site), argument(site, 1)
        services = self._section("services")
        if name == "set" and isinstance(given, Const) and isinstance(given.value, str):
            own = Object() if more is None else Object({"class": more})
            services.fields[given.value] = own
            return Configurator(self.data, own)
        if name == "set" or name == "parameters":
            return Parameters(self._section("parameters"))
        if name == "alias" and isinstance(given, Const) and isinstance(more, Const):
            services.fields[str(given.value)] = Const(f"@{str(more.value).lstrip('@')}")
        elif name == "bind" and isinstance(given, Const) and more is not None:
            held = self.service if self.service is not None else self._under(services, "_defaults")
            self._under(held, "bind").fields[str(given.value)] = more
        elif self.service is not None:
            describe(self.service, name, given, more)
        return self

    def _section(self, name: str) -> Object:
        return self._under(self.data, name)

    @staticmethod
    def _under(given: Object, name: str) -> Object:
        held = given.fields.get(name)
        if not isinstance(held, Object):
            held = given.fields[name] = Object()
        return held


def describe(service: Object, name: str, given: Value, more: Value | None) -> None:
    """A step on one service."""
    if name == "args":
        service.fields["arguments"] = given
    elif name == "arg" and isinstance(given, Const) and more is not None:
        held = service.fields.get("arguments")
        if isinstance(given.value, str):
            named = held if isinstance(held, Object) else Object()
            named.fields[given.value] = more
            service.fields["arguments"] = named
        elif not isinstance(held, Object):
            service.fields["arguments"] = Sequence([*(held.items if isinstance(held, Sequence) else []), more])
    elif name in ("factory", "class"):
        service.fields[name] = given
    elif name == "call":
        held = service.fields.get("calls")
        items = held.items if isinstance(held, Sequence) else []
        service.fields["calls"] = Sequence([*items, Sequence([given, more or Sequence()])])
    elif name == "tag":
        held = service.fields.get("tags")
        service.fields["tags"] = Sequence([*(held.items if isinstance(held, Sequence) else []), given])


class Parameters(Native):
    """``$container->parameters()->set("name", "value")``."""

    __slots__ = ("data",)

    def __init__(self, data: Object) -> None:
        self.data = data

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``set``."""

        def body(site: CallSite, run: Machine) -> Value:
            given, more = first_of(site), argument(site, 1)
            if name == "set" and isinstance(given, Const) and more is not None:
                self.data.fields[str(given.value)] = more
            return self

        return Function(f"parameters::{name}", body, self)
