"""What JavaScript's containers share: objects that say how a value is made, decorators, and methods by name.

Such an object has the value, the class, the factory or another token under one of a few names: tsyringe
(https://github.com/microsoft/tsyringe#custom-providers), NestJS
(https://docs.nestjs.com/fundamentals/custom-providers), typedi (https://docs.typestack.community/typedi).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scopedown.calls.builtins.javascript_native import NOTHING, Function, JavaScriptNative, given
from scopedown.calls.interpreter.injection import (
    bind,
    escape_bound,
    of_alias,
    of_factory,
    of_target,
    of_value,
    resolve,
)
from scopedown.calls.machine import Machine
from scopedown.calls.machine.state import Provider
from scopedown.calls.values import CallSite, ClassValue, Object, Sequence, Value
from scopedown.core.place import Place

Method = Callable[[CallSite, Machine], Value]

_TOKENS = ("provide", "token", "id")
_CLASSES = ("useClass", "type")
_VALUES = ("useValue", "value")
_FACTORIES = ("useFactory", "factory")
_ALIASES = ("useToken", "useExisting")


def provider_of(run: Machine, described: Value, container: Value) -> Provider:
    """How the value is made: as an object says, else as a class or function that is given itself. A factory gets what
    its ``inject`` lists, or the container."""
    if not isinstance(described, Object):
        return of_target(run, described)
    fields = described.fields
    for name in _VALUES:
        if name in fields:
            return of_value(fields[name])
    for name in _CLASSES:
        if given(fields.get(name)):
            return of_target(run, fields[name])
    for name in _ALIASES:
        if name in fields:
            return of_alias(run, fields[name])
    for name in _FACTORIES:
        if name in fields:
            return of_factory(run, fields[name], lambda place: _asked(run, fields.get("inject"), container, place))
    token = token_of(described)
    return of_target(run, token if isinstance(token, ClassValue) else NOTHING)


def _asked(run: Machine, inject: Value | None, container: Value, place: Place) -> tuple[Value, ...]:
    if not isinstance(inject, Sequence):
        return (container,)
    tokens = [item.fields.get("token", item) if isinstance(item, Object) else item for item in inject.items]
    return tuple([resolve(run, token, place) for token in tokens])


def token_of(described: Value) -> Value | None:
    """The token that such an object names."""
    if not isinstance(described, Object):
        return None
    return next((described.fields[name] for name in _TOKENS if name in described.fields), None)


def bind_all(run: Machine, several: Value | None, container: Value) -> None:
    """Bind every provider of a list: classes by themselves, objects under their token."""
    for value in several.held() if isinstance(several, Sequence) else () if several is None else (several,):
        token = token_of(value) or value
        bind(run, token, provider_of(run, value, container))


def decorator(name: str, action: Callable[[Value, CallSite, Machine], None] | None = None) -> Function:
    """``@name(…)``: a decorator that leaves what it decorates; ``action`` is told of that and of the arguments."""

    def outer(made: CallSite, run: Machine) -> Value:
        def inner(site: CallSite, run: Machine) -> Value:
            target = site.argument(0) or NOTHING
            if action is not None:
                action(target, made, run)
            return target

        if made.decorator:  # without parentheses
            bare = CallSite((), {}, made.place)
            if action is not None:
                action(made.argument(0) or NOTHING, bare, run)
            return made.argument(0) or NOTHING
        return Function(name, inner)

    return Function(name, outer)


@dataclass(frozen=True, slots=True, eq=False)
class Methods(JavaScriptNative):
    """An object with methods by name. An unknown one gives the object again, as the chains of containers have it."""

    label = "{self.name}"
    name: str
    methods: Mapping[str, Method]

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A method."""
        if name in ("then", "catch", "finally", "default"):
            return None
        found = self.methods.get(name)
        return Function(name, found or (lambda site, run: self), self)

    def escaped(self, run: Machine, place: Place) -> None:
        """Unseen code that has a container asks it for anything."""
        if self.name == "a container":
            escape_bound(run, place)
