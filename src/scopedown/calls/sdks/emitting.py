"""What the SDKs of all languages share: whom a client speaks to, and emitting a call with its arguments.

Operations and parameters are found by their letters alone (:func:`find_operation`, :func:`parameters`), since each SDK
writes them in its language's way: ``PutItem``, ``putItem``, ``put_item``, ``PutItemAsync``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.results import IN_PARTS, is_local, named_result
from scopedown.calls.sdks.tokens import with_origins
from scopedown.calls.values import (
    Const,
    External,
    Instance,
    Object,
    Sequence,
    TextValue,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.catalog.model import Operation
from scopedown.core.place import Place

NOTHING = Const(None)

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


@dataclass(frozen=True, slots=True, eq=False)
class RoleCredentials(Native):
    """Credentials, or one of their parts, that belong to a role other than the function's own."""

    label = "a role's credentials"
    role: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Its parts are still that role's; a provider called gives them."""
        if squeezed(name) in _CREDENTIAL_PARTS:
            return self
        return UnknownValue(f"{self.describe()}.{name}", place)

    def call(self, site: object, run: Machine) -> Value:
        """A provider, called."""
        return self


_CREDENTIAL_PARTS = frozenset({"accesskeyid", "secretaccesskey", "sessiontoken", "promise", "resolve"})


def endpoint_is_local(endpoint: Value | None) -> bool:
    """Whether a client speaks to such a stand-in and to nothing else."""
    return endpoint is not None and all(is_local(option) for option in options(endpoint))


def with_own(owners: list[Value]) -> Value | None:
    """The owners of credentials as one value; None where they are the function's own in any case."""
    if all(isinstance(owner, Const) and owner.value is None for owner in owners):
        return None
    return join(*owners)


def emit(run: Machine, target: Target, operation: Operation, params: Value | None, place: Place) -> Value:
    """Record the call once for each alternative of its parameters; gives the result of the operation. A command of
    another service than the client's is still what it says."""
    if operation.service != target.service:
        target = replace(target, service=operation.service)
    for option in options(params) if params is not None else (NOTHING,):
        record(run, target, operation.name, arguments(operation, option, bound(target)), place)
    return result(target.service, operation, params, place)


def record(run: Machine, target: Target, operation: str, given: Mapping[str, Value], place: Place) -> None:
    """Record one call of an operation with its parameters by name."""
    known = {**bound(target), **with_origins(given)}
    if target.endpoint is not None and target.service == "apigatewaymanagementapi":
        known["$endpoint"] = target.endpoint
    if target.region is not None:
        known["$region"] = target.region
    if not target.elsewhere:
        run.emit(target.service, operation, known, place, target.sdk, target.credentials)


def in_parts(target: Target) -> Target:
    """The client for an upload that the SDK may send in parts: the calls say so, since parts take more of a key."""
    return replace(target, bound=Object({**bound(target), IN_PARTS: Const(True)}))


def bound(target: Target) -> dict[str, Value]:
    """The parameters of every call of a client."""
    return dict(target.bound.fields) if isinstance(target.bound, Object) else {}


def by_name(names: Value) -> Object:
    """A map whose keys are the names of resources (``RequestItems``)."""
    made = Object()
    for option in options(names):
        if isinstance(option, Const):
            made.fields[str(option.value)] = Object()
        else:
            made.put(option, Object())
    return made


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


def squeezed(name: str) -> str:
    """A name by its letters.

    >>> squeezed("put_item"), squeezed("PutItem")
    ('putitem', 'putitem')
    """
    return name.replace("_", "").replace("-", "").lower()


def find_operation(run: Machine, service: str, name: str) -> Operation | None:
    """The operation of a service whose letters are those of a method's name."""
    letters = squeezed(name)
    if not letters:
        return None
    written = _operations(run, service).get(letters)
    return None if written is None else run.catalog.operation(service, written)


def _operations(run: Machine, service: str) -> Mapping[str, str]:
    known: dict[str, dict[str, str]] = run.heap.operations
    if service not in known:
        methods = run.catalog.method_names(service)
        found = [run.catalog.operation_of_method(service, method) for method in methods]
        known[service] = {squeezed(one.name): one.name for one in found if one is not None}
    return known[service]


def parameters(operation: Operation, given: Mapping[str, Value]) -> Object:
    """A request's members by the API's names: those of the operation by their letters, what is inside of them with a
    capital letter at the start of each word."""
    members, maps = _members(operation), _maps(operation)
    made: dict[str, Value] = {}
    for written, value in given.items():
        name = members.get(squeezed(written)) or api_name(written)
        made[name] = _of_map(value) if name in maps else _inside(value)
    return Object(made)


def _of_map(value: Value) -> Value:
    """A map whose keys are names of resources: they stay as they are."""
    if not isinstance(value, Object):
        return value
    inner = {name: _inside(one) for name, one in value.fields.items()}
    return Object(inner, value.rest, symbolic=value.symbolic)


@cache
def _maps(operation: Operation) -> frozenset[str]:
    """The members that are maps of resources (``RequestItems.*``)."""
    return frozenset(one.parameter[:-2] for one in operation.resources if one.parameter.endswith(".*"))


@cache
def _members(operation: Operation) -> Mapping[str, str]:
    return {squeezed(name): name for name in operation.members}


def api_name(name: str) -> str:
    """A member's name as the API writes it.

    >>> api_name("table_name"), api_name("tableName"), api_name("TableName")
    ('TableName', 'TableName', 'TableName')
    """
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def _inside(value: Value, depth: int = 4) -> Value:
    """A structure inside of a request: its names as the API writes them, beside those of the code (a map's keys)."""
    if depth == 0:
        return value
    match value:
        case Object():
            inner = {name: _inside(one, depth - 1) for name, one in value.fields.items()}
            renamed = {api_name(name): one for name, one in inner.items()}
            return Object({**inner, **renamed}, value.rest, symbolic=value.symbolic)
        case Sequence():
            rest = None if value.rest is None else _inside(value.rest, depth - 1)
            return Sequence([_inside(one, depth - 1) for one in value.items], rest)
        case _:
            return value
