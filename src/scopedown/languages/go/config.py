"""Configurations of the SDK's clients: objects with a region, credentials and an endpoint, in both versions.

Version 1: ``aws.Config`` and sessions (https://docs.aws.amazon.com/sdk-for-go/v1/developer-guide/sessions.html);
version 2: ``config.LoadDefaultConfig`` (https://docs.aws.amazon.com/sdk-for-go/v2/developer-guide/configure-gosdk.html).
"""

from __future__ import annotations

from collections.abc import Iterable

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import NOTHING, RoleCredentials, Target
from scopedown.calls.sdks.results import is_local
from scopedown.calls.sdks.shapes import credentials
from scopedown.calls.values import (
    CallSite,
    Const,
    FunctionValue,
    Object,
    Sequence,
    Union,
    UnknownValue,
    Value,
    combinations,
    join,
    options,
)
from scopedown.core.place import Place

_OWN_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_ACCESS_KEY")
"""Variables that Lambda sets to the function's own keys
(https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html)."""
_ENDPOINTS = ("BaseEndpoint", "Endpoint", "EndpointResolver", "EndpointResolverWithOptions")


def merged(values: Iterable[Value]) -> Object:
    """Configurations over one another, the last first; those inside of a session or of its options count too."""
    found: dict[str, Value] = {}
    for value in values:
        for option in options(value):
            if isinstance(option, Object):
                inner = option.fields.get("Config")
                if inner is not None:
                    found |= merged((inner,)).fields
                found |= {name: held for name, held in option.fields.items() if name != "Config" and _is_set(held)}
            elif isinstance(option, Sequence):
                found |= merged(option.held()).fields
    return Object(found)


def loaded(values: tuple[Value, ...], place: Place) -> Value:
    """A configuration that the SDK has made of these: what else is in it is data."""
    rest = UnknownValue("a setting of the SDK", place, inert=True)
    return join(*(Object(merged(one).fields, rest) for one in alternatives(values)))


def alternatives(values: tuple[Value, ...]) -> list[tuple[Value, ...]]:
    """What the arguments of one client may be together: a configuration that a branch chooses is one of several, and
    what one of them brings is not the other's."""
    return combinations(values) or [values]


def _is_set(value: Value) -> bool:
    return not (isinstance(value, Const) and value.value is None)


def optioned(run: Machine, held: Object, functions: Iterable[Value], place: Place) -> Object:
    """A configuration after functions of it (``func(o *s3.Options) { … }``) have written to it."""
    for function in functions:
        for option in options(function):
            if isinstance(option, FunctionValue):
                run.call_value(option, CallSite((held,), {}, place))
            elif isinstance(option, Object):
                held.fields.update(option.fields)
            elif isinstance(option, Sequence):
                optioned(run, held, option.held(), place)
    return held


def target(service: str, sdk: str, held: Object) -> Target:
    """Whom a client speaks to. Where it may be a stand-in on the developer's machine, its keys are made up."""
    endpoint = join(*(held.fields[name] for name in _ENDPOINTS if name in held.fields))
    given = endpoint if any(name in held.fields for name in _ENDPOINTS) else None
    stand_in = given is not None and any(is_local(option) for option in options(given))
    owner = None if stand_in else credentials.owner_of(held.fields.get("Credentials"))
    return credentials.target(service, sdk, owner, given, _one(held.fields.get("Region")))


def _one(value: Value | None) -> Value | None:
    """A value without the choice of nothing."""
    if isinstance(value, Union):
        return join(*(option for option in value.options if _is_set(option)))
    return value


def static_credentials(key: Value) -> Value:
    """Credentials by an access key: another owner's, unless the key is the function's own."""
    found = credentials.owners(key, _OWN_KEYS)
    return RoleCredentials(join(*found)) if found else NOTHING
