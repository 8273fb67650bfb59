"""awilix: a container of names (https://github.com/jeffijoe/awilix#api).

Classes and functions get a *cradle*, whose members are what is registered, or, in the mode CLASSIC, an argument for
each of their parameters' names.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.interpreter.injection import bind, of_value, resolve
from scopedown.calls.machine import Machine
from scopedown.calls.machine.state import Provider
from scopedown.calls.values import CallSite, ClassValue, Const, FunctionValue, Object, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.javascript.containers.objects import Methods
from scopedown.languages.javascript.natives import (
    NOTHING,
    Function,
    JavaScriptNative,
    Platform,
    function,
)


def module(name: str) -> Value | None:
    """The package."""
    return Platform(
        name,
        {
            "createContainer": Function("createContainer", _create),
            "asClass": Function("asClass", lambda site, run: Registration("target", site.argument(0) or NOTHING)),
            "asFunction": Function("asFunction", lambda site, run: Registration("target", site.argument(0) or NOTHING)),
            "asValue": Function("asValue", lambda site, run: Registration("value", site.argument(0) or NOTHING)),
            "aliasTo": Function("aliasTo", lambda site, run: Registration("alias", site.argument(0) or NOTHING)),
            "InjectionMode": Object({"PROXY": Const("PROXY"), "CLASSIC": Const("CLASSIC")}),
        },
    )


@dataclass(frozen=True, slots=True, eq=False)
class Registration(JavaScriptNative):
    """``asClass(Store)`` and its like; ``.singleton()`` gives the same again."""

    label = "a registration"
    kind: str
    what: Value

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``singleton``, ``scoped``, ``inject`` …"""
        return function(name, lambda site, run: self)

    def provider(self, run: Machine, classic: bool) -> Provider:
        """How the value is made."""
        if self.kind == "value":
            return of_value(self.what)
        if self.kind == "alias":
            return Provider(lambda place: resolve(run, self.what, place))
        return Provider(lambda place: build(run, self.what, classic, place))


def build(run: Machine, target: Value, classic: bool, place: Place) -> Value:
    """What a class or function gives for the cradle, or for what its parameters name."""
    made: list[Value] = []
    for option in options(target):
        arguments: tuple[Value, ...] = (Cradle(),)
        named: dict[str, Value] = {}
        if classic:
            arguments = ()
            named = {name: resolve(run, Const(name), place) for name in _parameters(option)}
        made.append(run.call_value(option, CallSite(arguments, named, place), isinstance(option, ClassValue)))
    return join(*made)


def _parameters(target: Value) -> list[str]:
    declared = target.function if isinstance(target, FunctionValue) else None
    for cls in target.ancestry() if isinstance(target, ClassValue) else ():
        found = cls.fields.get("constructor") if isinstance(cls, ClassValue) else None
        if isinstance(found, FunctionValue):
            declared = found.function
            break
    return (
        [parameter.name for parameter in declared.parameters if parameter.name is not None]
        if declared is not None
        else []
    )


class Cradle(JavaScriptNative):
    """``container.cradle``: what is registered, by name."""

    __slots__ = ()
    label = "a container's cradle"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What stands under a name."""
        if name in ("then", "catch", "finally", "default"):
            return super().attribute(name, run, place)
        return resolve(run, Const(name), place)


def _create(site: CallSite, run: Machine) -> Value:
    settings = site.argument(0)
    mode = settings.fields.get("injectionMode") if isinstance(settings, Object) else None
    return container(isinstance(mode, Const) and mode.value == "CLASSIC")


def container(classic: bool) -> Methods:
    """A container."""

    def register(site: CallSite, run: Machine) -> Value:
        """``register('name', registration)``, ``register({name: registration})``."""
        first, second = site.argument(0) or NOTHING, site.argument(1)
        pairs: list[tuple[Value, Value]] = [] if second is None else [(first, second)]
        if isinstance(first, Object):
            pairs = [(Const(name), value) for name, value in first.fields.items()]
        for token, given in pairs:
            for option in options(given):
                if isinstance(option, Registration):
                    bind(run, token, option.provider(run, classic), replace=True)
        return made

    def build_one(site: CallSite, run: Machine) -> Value:
        first = site.argument(0) or NOTHING
        return build(run, first.what if isinstance(first, Registration) else first, classic, site.place)

    made = _Container(
        "a container",
        {
            "register": register,
            "resolve": lambda site, run: resolve(run, site.argument(0) or NOTHING, site.place),
            "build": build_one,
        },
    )
    return made


class _Container(Methods):
    __slots__ = ()

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A method, or the cradle."""
        return Cradle() if name == "cradle" else super().own(name, run, place)
