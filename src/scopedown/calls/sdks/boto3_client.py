"""boto3's low-level clients: methods, paginators, waiters, and what some results tell.

A method's arguments are the API's parameters by name. Facts without a source of their own are from boto3's and
botocore's documentation (https://boto3.amazonaws.com/v1/documentation/api/latest/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scopedown.calls.builtins.python_native import Function, Library, silent
from scopedown.calls.interpreter.dispatch import on_client
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks import boto3_transfer
from scopedown.calls.sdks.boto3_scope import Scope, ScopedClient
from scopedown.calls.sdks.results import named_result
from scopedown.calls.sdks.unknown_names import named_operations, unknown_operation
from scopedown.calls.values import CallSite, Const, Object, Sequence, TextValue, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Text

_CONFIGURATION = ("PaginationConfig", "WaiterConfig")
"""Keywords of paginators and waiters that are no API parameters."""
_NO_OPERATIONS = frozenset({"waiter_names"})
"""Other members of every client (botocore/client.py)."""


@dataclass(frozen=True, slots=True, eq=False)
class Client(ScopedClient):
    """``boto3.client("s3")``."""

    label = "{self.scope.service} client"
    ignores_assignments = True
    client_of = "{self.scope.service}"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method of the client."""
        match name:
            case "get_paginator":
                return Function(name, self._paginator, self)
            case "get_waiter":
                return Function(name, self._waiter, self)
            case "_make_api_call":
                return Function(name, self._api_call, self)
            case "meta":
                return Meta(self)
            case "exceptions":
                return Library(f"{self.scope.service}.exceptions")
            case "can_paginate" | "close" | "__aexit__" | "__exit__":
                return silent(name)
            case "__aenter__" | "__enter__":
                return Function(name, lambda site, run: self)
        extra = boto3_transfer.client_method(self, name)
        if extra is not None:
            return extra
        operation = run.catalog.operation_of_method(self.scope.service, name)
        if operation is None:
            if name.startswith("_") or name in _NO_OPERATIONS or self.scope.elsewhere:
                return UnknownValue(f"{self.scope.service}.{name}", place)
            called = unknown_operation(self.scope.service, name)
            return Function(f"{self.scope.service}.{name}", called)
        return Method(self.scope, operation)

    def _paginator(self, site: CallSite, run: Machine) -> Value:
        service, does = self.scope.service, "makes a paginator whose name is computed"
        named = site.argument(0, "operation_name")

        def find(name: str) -> Operation | None:
            return run.catalog.operation_of_method(service, name)

        methods = named_operations(run, service, named, find, does, site, self.scope.elsewhere)
        found = [
            Paginator(self.scope, one) if one.paginated else UnknownValue("a paginator", site.place) for one in methods
        ]
        return join(*found) if found else UnknownValue("a paginator", site.place, inert=True)

    def _waiter(self, site: CallSite, run: Machine) -> Value:
        service, does = self.scope.service, "makes a waiter whose name is computed"
        named = site.argument(0, "waiter_name")

        def find(name: str) -> Operation | None:
            return run.catalog.waiter_operation(service, name)

        waited = named_operations(run, service, named, find, does, site, self.scope.elsewhere)
        found: list[Value] = [Waiter(self.scope, operation) for operation in waited]
        return join(*found) if found else UnknownValue("a waiter", site.place, inert=True)

    def _api_call(self, site: CallSite, run: Machine) -> Value:
        """``client._make_api_call("SendMessage", {…})``, what every method calls (botocore/client.py)."""
        named, given = site.argument(0, "operation_name"), site.argument(1, "api_params")
        found: list[Value] = []
        for option in options(named or Const(None)):
            name = option.value if isinstance(option, Const) and isinstance(option.value, str) else None
            operation = run.catalog.operation(self.scope.service, name) if name is not None else None
            if operation is None:
                on_client(run, self, "calls an operation whose name is computed", site.place)
                found.append(UnknownValue(f"result of {self.scope.service}", site.place))
                continue
            fields = dict(given.fields) if isinstance(given, Object) else {}
            complete = isinstance(given, Object) and given.rest is None
            found.append(Method(self.scope, operation).call(CallSite((), fields, site.place, complete), run))
        return join(*found)
        """Clients are not changed."""


@dataclass(frozen=True, slots=True, eq=False)
class Method(Native):
    """``client.put_item``."""

    label = "{self.scope.service}.{self.operation.method}"
    client_of = "{self.scope.service}"
    scope: Scope
    operation: Operation

    callable_when_escaped = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The API call."""
        arguments = parameters(self.operation, site)
        self.scope.emit(run, self.operation.name, arguments, site.place)
        return result(self.scope, self.operation.name, arguments, site.place)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``__name__`` and its like."""
        return Const(self.operation.method) if name == "__name__" else UnknownValue(name, place)


@dataclass(frozen=True, slots=True, eq=False)
class Paginator(Native):
    """``client.get_paginator("list_objects_v2")``."""

    client_of = "{self.scope.service}"
    scope: Scope
    operation: Operation

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``paginate``."""
        if name != "paginate":
            return UnknownValue(f"paginator.{name}", place)
        return Function(name, self._paginate, self)

    def _paginate(self, site: CallSite, run: Machine) -> Value:
        arguments = parameters(self.operation, site)
        self.scope.emit(run, self.operation.name, arguments, site.place)
        return Pages(f"result of {self.scope.service}.{self.operation.name}")


@dataclass(frozen=True, slots=True, eq=False)
class Pages(Native):
    """What ``paginate`` gives: results, one after another."""

    reason: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``search`` and ``build_full_result`` give what was read; nothing else calls."""
        if name == "search":
            return Function(name, lambda site, run: Sequence([], UnknownValue(self.reason, place)))
        if name == "result_key_iters":
            return Function(name, lambda site, run: Sequence([], Sequence([], UnknownValue(self.reason, place))))
        return Function(name, lambda site, run: UnknownValue(self.reason, place))

    def iterate(self, run: Machine, place: Place) -> Value:
        """A page."""
        return UnknownValue(self.reason, place)


@dataclass(frozen=True, slots=True, eq=False)
class Waiter(Native):
    """``client.get_waiter("table_exists")``."""

    scope: Scope
    operation: Operation

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``wait``."""
        return Function(name, self._wait, self) if name == "wait" else UnknownValue(f"waiter.{name}", place)

    def _wait(self, site: CallSite, run: Machine) -> Value:
        self.scope.emit(run, self.operation.name, parameters(self.operation, site), site.place)
        return Const(None)


@dataclass(frozen=True, slots=True, eq=False)
class Meta(Native):
    """``client.meta`` and ``resource.meta``."""

    client: Client

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``meta.client`` is a client; the rest makes no calls."""
        if name == "client":
            return self.client
        if name in ("region_name", "endpoint_url", "partition", "service_name"):
            return UnknownValue(f"the client's {name.replace('_', ' ')}", place)
        return Library(f"meta.{name}")


def parameters(operation: Operation, site: CallSite) -> dict[str, Value]:
    """The API parameters of a call. Where unknown ``**arguments`` may follow, the required ones are there, unknown."""
    arguments = {name: value for name, value in site.keywords.items() if name not in _CONFIGURATION}
    if not site.complete:
        for name in operation.required:
            arguments.setdefault(name, UnknownValue(f"parameter {name}", site.place))
        arguments["*"] = UnknownValue("further arguments", site.place)
    return arguments


# results


def result(scope: Scope, operation: str, arguments: Mapping[str, Value], place: Place) -> Value:
    """What a call gives back: unknown, but for names and credentials that follow from the arguments."""
    reason = UnknownValue(f"result of {scope.service}.{operation}", place, inert=True)
    match scope.service, operation:
        case "sts", "AssumeRole" | "AssumeRoleWithSAML" | "AssumeRoleWithWebIdentity":
            return OtherCredentials(arguments.get("RoleArn") or UnknownValue("a role", place))
        case "sts", "GetFederationToken":
            return OtherCredentials(UnknownValue("credentials of a federated user", place))
        case "cognito-identity", "GetCredentialsForIdentity":
            return OtherCredentials(UnknownValue("the role of a Cognito identity", place))
        case _:
            named = named_result(scope.service, operation, arguments)
            return Object(named, reason) if named else reason


# credentials


@dataclass(frozen=True, slots=True, eq=False)
class OtherCredentials(Native):
    """Credentials of another role, or any part of the response that carries them."""

    label = "credentials of another role"
    role: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``["Credentials"]["AccessKeyId"]``, ``.get("Credentials")``."""
        return Function(name, lambda site, run: self) if name == "get" else self


class OwnCredentials(Native):
    """``session.get_credentials()``: the function's own."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Any part of them."""
        return self

    def call(self, site: CallSite, run: Machine) -> Value:
        """``get_frozen_credentials()``."""
        return self


def credentials(key: Value | None, session: Value | None, stand_in: bool = False) -> Value | None:
    """Whose credentials an access key is: None for the function's own, else the role (or why it is not known). Where
    it may be the function's own too (under a condition), nothing (``Const(None)``) is one of the choices.

    An unknown key may be absent, which means the function's own; one that the code or a setting gives is another's,
    unless the client speaks to a ``stand_in`` on the developer's machine, for which keys are made up.
    """
    if key is None:
        return session
    own = session if session is not None else Const(None)
    owners: list[Value] = []
    for option in options(key):
        match option:
            case OtherCredentials():
                owners += options(option.role)
            case Const(str() as text) if text and not stand_in:
                owners.append(UnknownValue("an access key given in the code"))
            case TextValue(text=Text(parts=(EnvVar(name=name),))) if not name.startswith("AWS_") and not stand_in:
                owners.append(UnknownValue(f"an access key given in env:{name}"))
            case _:
                owners += options(own)
    return None if all(isinstance(owner, Const) and owner.value is None for owner in owners) else join(*owners)
