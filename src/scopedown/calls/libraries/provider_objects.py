"""Objects that say how a container makes a value, in JavaScript.

Such an object has the value, the class, the factory or another token under one of a few names: tsyringe
(https://github.com/microsoft/tsyringe#custom-providers), NestJS
(https://docs.nestjs.com/fundamentals/custom-providers), typedi (https://docs.typestack.community/typedi).
"""

from __future__ import annotations

from scopedown.calls.interpreter.injection import (
    bind,
    of_alias,
    of_factory,
    of_target,
    of_value,
    resolve,
)
from scopedown.calls.machine import Machine
from scopedown.calls.machine.functions import NOTHING
from scopedown.calls.machine.state import Provider
from scopedown.calls.values import ClassValue, Object, Sequence, Value
from scopedown.core.place import Place

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
        if fields.get(name, NOTHING) != NOTHING:
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
