"""What the two JavaScript SDKs share: whose credentials a client has, callbacks, and operations by their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scopedown.calls.builtins.javascript_native import (
    NOTHING,
    Function,
    JavaScriptNative,
    error,
    given,
)
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import (
    RoleCredentials,
    Target,
    endpoint_is_local,
    with_own,
)
from scopedown.calls.sdks.results import is_elsewhere, is_local, named_region
from scopedown.calls.values import (
    Const,
    EnvVar,
    FunctionValue,
    Object,
    TextValue,
    UnknownValue,
    Unset,
    Value,
    join,
    options,
)
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.core.text import Text


def credentials_of(given_options: Value | None, run: Machine, place: Place) -> Value | None:
    """The role (or what is known of the keys' owner) where a client's options bring credentials of their own. Where
    they may be the function's own too (under a condition), nothing (``Const(None)``) is one of the choices."""
    if not isinstance(given_options, Object):
        return given_options.role if isinstance(given_options, RoleCredentials) else None
    endpoint = address_of(given_options.fields.get("endpoint"))
    if endpoint_is_local(endpoint):
        return None
    stand_in = endpoint is not None and any(is_local(option) for option in options(endpoint))
    credentials = given_options.fields.get("credentials")
    if isinstance(credentials, FunctionValue):
        credentials = run.call(credentials, (), place)
    owners: list[Value] = []
    for option in options(credentials) if credentials is not None else (given_options,):
        if isinstance(option, RoleCredentials):
            owners += options(option.role)
        else:
            owners += _owners(option.fields if isinstance(option, Object) else given_options.fields, stand_in)
    return with_own(owners)


def _owners(fields: Mapping[str, Value], stand_in: bool) -> list[Value]:
    """Whose keys they may be. ``stand_in``: under a condition the client speaks to a stand-in, for which keys that the
    code gives are made up."""
    key = fields.get("accessKeyId") or fields.get("AccessKeyId")
    found: list[Value] = []
    for option in options(key) if key is not None else (NOTHING,):
        match option:
            case RoleCredentials():
                found += options(option.role)
            case TextValue(text=Text(parts=(EnvVar(name=name), *_))) if not (stand_in or name == "AWS_ACCESS_KEY_ID"):
                found.append(TextValue(Text.unknown(f"the owner of the access key in {name}")))
            case UnknownValue(reason=reason) if not isinstance(option, Unset):
                found.append(TextValue(Text.unknown(f"the owner of an access key ({reason})", option.place)))
            case Const(value=value) if value and not stand_in:
                found.append(TextValue(Text.unknown("the owner of an access key written in the code")))
            case _:
                found.append(NOTHING)
    return found


def target_of(service: str, sdk: str, site_options: Value | None, run: Machine, place: Place) -> Target:
    """A client's target from its constructor's options."""
    fields = site_options.fields if isinstance(site_options, Object) else {}
    endpoint = address_of(fields.get("endpoint"))
    return Target(
        service,
        sdk,
        fields.get("params"),
        credentials_of(site_options, run, place),
        None if endpoint_is_local(endpoint) else endpoint,
        named_region(fields.get("region")),
        is_elsewhere(endpoint),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint(JavaScriptNative):
    """``new AWS.Endpoint(address)``."""

    label = "an endpoint"
    ignores_assignments = True
    address: Value

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``host`` and its like."""
        whole = name in ("host", "hostname", "href")
        return self.address if whole else UnknownValue("a part of an endpoint", place, inert=True)


def address_of(endpoint: Value | None) -> Value | None:
    """An endpoint's address, where it is an object."""
    if endpoint is None:
        return None
    return join(*(option.address if isinstance(option, Endpoint) else option for option in options(endpoint)))


def is_function(value: Value | None) -> bool:
    """Whether an argument is a callback."""
    return isinstance(value, FunctionValue | Function)


def call_back(callback: Value | None, value: Value, run: Machine, place: Place) -> None:
    """Call a Node style callback: an error or nothing, and the result."""
    if callback is not None and given(callback) and (is_function(callback) or not isinstance(callback, Native)):
        run.call(callback, (error(place), value), place)


def find_operation(run: Machine, service: str, name: str) -> Operation | None:
    """The operation of a JavaScript method or command: its own name, its first letter small in methods.

    aws-sdk v2 keeps API versions in a few names that botocore drops (``createDistribution2020_05_31``).
    """
    if not name or not name[0].isalpha():
        return None
    upper = name[0].upper() + name[1:]
    found = run.catalog.operation(service, upper)
    if found is None and upper[-1].isdigit() and len(upper) > 10 and upper[-3] == "_":
        found = run.catalog.operation(service, upper[:-10])
    return found
