"""What the two JavaScript SDKs share: emitting a call with its arguments, and whose credentials it is made with."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

from scopedown.calls.builtins.javascript_native import (
    NOTHING,
    Function,
    JavaScriptNative,
    error,
    given,
)
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.results import IN_PARTS, is_elsewhere, is_local, named_region, named_result
from scopedown.calls.sdks.tokens import with_origins
from scopedown.calls.values import (
    Const,
    EnvVar,
    External,
    FunctionValue,
    Instance,
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

ASSUMING = frozenset({"AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"})
"""STS operations whose result holds a role's credentials.

Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
"""


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a client speaks to: the service, and what its constructor was given.

    ``bound`` are parameters for every call (``new S3({params})``), ``credentials`` is the role's ARN where they are
    not the function's own, ``endpoint`` the address where one was given, ``region`` the one that the code names;
    ``elsewhere``: another vendor's service that speaks AWS's protocol.
    """

    service: str
    sdk: str
    bound: Value | None = None
    credentials: Value | None = None
    endpoint: Value | None = None
    region: Const | TextValue | None = None
    elsewhere: bool = False

    def fingerprint(self) -> Hashable:
        """Equal targets are the same client."""
        parts = (self.bound, self.credentials, self.endpoint, self.region)
        return (
            self.service,
            self.sdk,
            self.elsewhere,
            *(None if part is None else part.fingerprint() for part in parts),
        )


@dataclass(frozen=True, slots=True, eq=False)
class RoleCredentials(JavaScriptNative):
    """Credentials, or one of their parts, that belong to a role other than the function's own."""

    role: Value

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """Its parts are still that role's; a provider called gives them."""
        return self if name in _CREDENTIAL_PARTS else None

    def call(self, site: object, run: Machine) -> Value:
        """A provider, called."""
        return self

    def describe(self) -> str:
        """How a message names it."""
        return "a role's credentials"

    def fingerprint(self, depth: int = 4) -> Hashable:
        """By the role."""
        return ("credentials", self.role.fingerprint(depth - 1))


_CREDENTIAL_PARTS = frozenset(
    {"accessKeyId", "secretAccessKey", "sessionToken", "AccessKeyId", "SecretAccessKey", "SessionToken"}
    | {"promise", "resolve"}
)


def endpoint_is_local(endpoint: Value | None) -> bool:
    """Whether a client speaks to such a stand-in and to nothing else."""
    return endpoint is not None and all(is_local(option) for option in options(endpoint))


def credentials_of(given_options: Value | None, run: Machine, place: Place) -> Value | None:
    """The role (or what is known of the keys' owner) where a client's options bring credentials of their own. Where
    they may be the function's own too (under a condition), nothing (``Const(None)``) is one of the choices."""
    if not isinstance(given_options, Object):
        return given_options.role if isinstance(given_options, RoleCredentials) else None
    endpoint = given_options.fields.get("endpoint")
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


def with_own(owners: list[Value]) -> Value | None:
    """The owners of credentials as one value; None where they are the function's own in any case."""
    if all(isinstance(owner, Const) and owner.value is None for owner in owners):
        return None
    return join(*owners)


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
    endpoint = fields.get("endpoint")
    return Target(
        service,
        sdk,
        fields.get("params"),
        credentials_of(site_options, run, place),
        None if endpoint_is_local(endpoint) else endpoint,
        named_region(fields.get("region")),
        is_elsewhere(endpoint),
    )


def emit(run: Machine, target: Target, operation: Operation, params: Value | None, place: Place) -> Value:
    """Record the call once for each alternative of its parameters; gives the result of the operation."""
    for option in options(params) if params is not None else (NOTHING,):
        known = _bound(target.bound)
        known.update(with_origins(arguments(operation, option, known)))
        if target.endpoint is not None and target.service == "apigatewaymanagementapi":
            known["$endpoint"] = target.endpoint
        if target.region is not None:
            known["$region"] = target.region
        if not target.elsewhere:
            run.emit(target.service, operation.name, known, place, target.sdk, target.credentials)
    return result(target.service, operation, params, place)


def in_parts(target: Target) -> Target:
    """The client for an upload that the SDK may send in parts: the calls say so, since parts take more of a key."""
    return replace(target, bound=Object({**_bound(target.bound), IN_PARTS: Const(True)}))


def _bound(value: Value | None) -> dict[str, Value]:
    return dict(value.fields) if isinstance(value, Object) else {}


def arguments(operation: Operation, params: Value, bound: Mapping[str, Value]) -> dict[str, Value]:
    """Parameters by name; where the object is not known whole, the required ones are unknown, not absent."""
    known: dict[str, Value] = {}
    rest: Value | None = None
    match params:
        case Object():
            known, rest = dict(params.fields), params.rest
        case Instance():
            known = dict(params.fields)
        case Const():
            pass
        case UnknownValue():
            rest = params
        case External(origin=origin):
            rest = UnknownValue(f"value from {origin}")
        case _:
            rest = UnknownValue("parameters that scopedown does not follow")
    if rest is not None:
        for name in operation.required:
            if name not in bound:
                known.setdefault(name, rest)
        known["*"] = rest
    return known


def result(service: str, operation: Operation, params: Value | None, place: Place) -> Value:
    """What the operation gives back: unknown, but for the credentials of a role that is assumed, and for names."""
    unknown = UnknownValue(f"result of {service}.{operation.name}", place, inert=True)
    if service != "sts" or operation.name not in ASSUMING:
        given_options = options(params) if params is not None else ()
        named = [named_result(service, operation.name, arguments(operation, option, {})) for option in given_options]
        return join(*(Object(one, unknown) for one in named)) if any(named) else unknown
    role: Value = UnknownValue("a role", place)
    if isinstance(params, Object):
        role = params.fields.get("RoleArn", params.rest or role)
    return Object({"Credentials": RoleCredentials(role)}, unknown)


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
