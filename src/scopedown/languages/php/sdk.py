"""AWS SDK for PHP (version 3)

Sources: https://docs.aws.amazon.com/sdk-for-php/v3/developer-guide/, https://docs.aws.amazon.com/aws-sdk-php/v3/api/.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.builtins.python_native import Function
from scopedown.calls.interpreter.dispatch import on_service
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import NOTHING, RoleCredentials, Target, emit, squeezed
from scopedown.calls.sdks.signing import sign
from scopedown.calls.sdks.unknown_names import unknown_service
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.languages.php import sdk_s3
from scopedown.languages.php.native import Library, argument, first_of
from scopedown.languages.php.sdk_client import (
    SDK,
    Client,
    Command,
    GivenCredentials,
    Promise,
    merged,
    request,
    sent,
    target_of,
)

LANGUAGE: Final = "php"
PACKAGES: Final = ("Aws",)
_SERVICES: Final = Path(__file__).with_name("services.tsv")


def module(name: str) -> Value | None:
    """A class of the SDK by its whole name."""
    parts = name.split("\\")
    if parts[0] != "Aws" or len(parts) < 2:
        return None
    last = parts[-1]
    if len(parts) == 2:
        special = _ALONE.get(last)
        return Library(name) if special is None else special()
    if parts[1] == "Credentials":
        return _CREDENTIALS.get(last, Library)(name) if last in _CREDENTIALS else Library(name)
    if (made := _SPECIAL.get("\\".join(parts[1:]))) is not None:
        return Class(name, made)
    if last.endswith("MultiRegionClient"):
        last = last.replace("MultiRegion", "")
    if last.endswith("Client") and len(parts) == 3:
        service = services().get(squeezed(parts[1]))
        return ClientClass(service) if service is not None else Unknown(name)
    return Library(name)


@cache
def services() -> Mapping[str, str]:
    """Services by the letters of their namespaces."""
    found: dict[str, str] = {}
    for row in read_rows(_SERVICES):
        found.setdefault(row["namespace"], row["service"])
    return found


class Class(Native):
    """A class of the SDK, which makes one thing."""

    __slots__ = ("_make", "name")

    def __init__(self, name: str, make: Callable[[CallSite, Machine], Value]) -> None:
        self.name = name
        self._make = make

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new Class(…)``."""
        return self._make(site, run)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A static method that makes it, or one that calls nothing."""
        if name in ("fromClient", "factory"):
            return Function(name, self._make)
        if self.name.endswith("CommandPool") and name == "batch":
            return Function(name, self._make)
        return Library(f"{self.name}::{name}")

    def describe(self) -> str:
        """Its name."""
        return self.name


class Unknown(Native):
    """A client class that the data does not know: making one is told."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A client of it."""
        return unknown_service(self.name)(site, run)


class ClientClass(Native):
    """``Aws\\S3\\S3Client``."""

    __slots__ = ("service",)

    names_a_client = True

    def __init__(self, service: str) -> None:
        self.service = service

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new S3Client([…])``."""
        return client(target_of(self.service, argument(site, 0), run, site.place))

    call = construct

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``S3Client::factory([…])``."""
        return Function(name, self.construct) if name == "factory" else Library(f"{self.service}::{name}")

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """The methods of a client that a class of the analysed code inherits."""
        return client(Target(self.service, SDK)).method(name, run)

    def describe(self) -> str:
        """For messages."""
        return f"the {self.service} client"


def client(target: Target) -> Client:
    """A client; that of S3 has helpers of its own."""
    return sdk_s3.S3Client(target) if target.service == "s3" else Client(target)


class Sdk(Native):
    """``Aws\\Sdk``: makes clients with options in common."""

    __slots__ = ("_options",)

    def __init__(self, given: Value | None = None) -> None:
        self._options = given

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new Aws\\Sdk([…])``."""
        return Sdk(argument(site, 0))

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``createS3()``, ``createClient("s3")``."""
        if name == "createClient":
            return Function(name, lambda site, run: self._named(first_of(site), argument(site, 1), site, run))
        if name.startswith("create"):
            written = Const(name.removeprefix("create").removeprefix("MultiRegion"))
            return Function(name, lambda site, run: self._named(written, argument(site, 0), site, run))
        return Library(f"Aws\\Sdk::{name}")

    def _named(self, name: Value, given: Value | None, site: CallSite, run: Machine) -> Value:
        for option in options(name):
            written = option.value if isinstance(option, Const) else None
            service = services().get(squeezed(written)) if isinstance(written, str) else None
            if service is None and isinstance(written, str) and run.catalog.service(written) is not None:
                service = written
            if service is not None:
                own = merged(self._options, given)
                inner = own.fields.get(str(written)) if isinstance(own, Object) else None
                return client(target_of(service, merged(own, inner), run, site.place))
            if isinstance(written, str):
                return unknown_service(written)(site, run)
            on_service(run, "*", "is of a service with a computed name", site.place)
        return UnknownValue("a client of a service with a computed name", site.place)


# credentials


def _own(name: str) -> Value:
    return Class(name, lambda site, run: Library(name))


def _assumed(site: CallSite, run: Machine) -> Value:
    """Credentials of a role, for which STS is called."""
    given = first_of(site)
    fields = given.fields if isinstance(given, Object) else {}
    held = fields.get("assume_role_params", Object())
    operation = run.catalog.operation("sts", "AssumeRole")
    asker = fields.get("client")
    target = asker.target if isinstance(asker, Client) else Target("sts", SDK)
    if operation is not None:
        emit(run, target, operation, request(operation, held, site), site.place)
    role = held.fields.get("RoleArn") if isinstance(held, Object) else None
    return RoleCredentials(role or UnknownValue("a role", site.place))


class Providers(Native):
    """``Aws\\Credentials\\CredentialProvider``."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Its providers: those of the environment give the function's own."""
        if name == "assumeRole":
            return Function(name, _assumed)
        if name in ("fromCredentials", "memoize", "cache"):
            return Function(name, lambda site, run: first_of(site))
        return Function(name, lambda site, run: Library("the function's own credentials"))


_CREDENTIALS: Final[Mapping[str, Callable[[str], Value]]] = {
    "Credentials": lambda name: Class(name, lambda site, run: GivenCredentials(argument(site, 0) or NOTHING)),
    "CredentialProvider": lambda name: Providers(),
    "AssumeRoleCredentialProvider": lambda name: Class(name, _assumed),
    "EcsCredentialProvider": _own,
    "InstanceProfileProvider": _own,
}


# the rest


class _Token(Native):
    """``Aws\\Rds\\AuthTokenGenerator``."""

    __slots__ = ("_owner",)

    def __init__(self, owner: Value | None) -> None:
        self._owner = owner

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``createToken($endpoint, $region, $user)``."""
        if name != "createToken":
            return Library(f"AuthTokenGenerator::{name}")
        return Function(name, self._sign)

    def _sign(self, site: CallSite, run: Machine) -> Value:
        names = ("DBHostname", "Region", "DBUsername")
        given = dict(zip(names, site.all(), strict=False))
        run.emit("rds-db", "connect", given, site.place, SDK, self._owner)
        return UnknownValue("a database's token", site.place, inert=True)


def _token(site: CallSite, run: Machine) -> Value:
    given = first_of(site)
    return _Token(given.role if isinstance(given, RoleCredentials) else None)


class _Signer(Native):
    """``new Aws\\Signature\\SignatureV4($service, $region)``."""

    __slots__ = ("_service",)

    def __init__(self, service: Value) -> None:
        self._service = service

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``signRequest($request, $credentials)``."""

        def body(site: CallSite, run: Machine) -> Value:
            sign(run, self._service, None, None, site.place, sdk=SDK)
            return first_of(site)

        return Function(name, body)


def _session(site: CallSite, run: Machine) -> Value:
    """``SessionHandler::fromClient($client, ["table_name" => …])``: sessions are items of a table
    (https://docs.aws.amazon.com/sdk-for-php/v3/developer-guide/service_dynamodb-session-handler.html)."""
    given = argument(site, 1)
    table = given.fields.get("table_name", Const("sessions")) if isinstance(given, Object) else Const("sessions")
    asker = first_of(site)
    target = asker.target if isinstance(asker, Client) else Target("dynamodb", SDK)
    for name in ("GetItem", "UpdateItem", "DeleteItem"):
        operation = run.catalog.operation("dynamodb", name)
        if operation is not None:
            emit(run, target, operation, Object({"TableName": table}), site.place)
    return Library("a session handler")


def _write_batch(site: CallSite, run: Machine) -> Value:
    """``new WriteRequestBatch($client, ["table" => …])``."""
    given = argument(site, 1)
    table = given.fields.get("table") if isinstance(given, Object) else None
    asker = first_of(site)
    target = asker.target if isinstance(asker, Client) else Target("dynamodb", SDK)
    requests = Object()
    for option in options(table or UnknownValue("a table", site.place)):
        if isinstance(option, Const):
            requests.fields[str(option.value)] = Object()
        else:
            requests.put(option, Object())
    operation = run.catalog.operation("dynamodb", "BatchWriteItem")
    if operation is not None:
        emit(run, target, operation, Object({"RequestItems": requests}), site.place)
    return Library("a batch")


def _pool(site: CallSite, run: Machine) -> Value:
    """``new CommandPool($client, $commands)``, ``CommandPool::batch($client, $commands)``."""
    for value in site.all()[1:2]:
        for option in options(value):
            if isinstance(option, Native) and not isinstance(option, Command):
                sent(run, option.iterate(run, site.place), site.place)
        sent(run, value, site.place)
    for value in site.all()[2:]:
        run.escape(value, site.place)
    return Promise(UnknownValue("results", site.place, inert=True))


_ALONE: Final[Mapping[str, Callable[[], Value]]] = {
    "Sdk": Sdk,
    "CommandPool": lambda: Class("Aws\\CommandPool", _pool),
}
_SPECIAL: Final[Mapping[str, Callable[[CallSite, Machine], Value]]] = {
    "Rds\\AuthTokenGenerator": _token,
    "Signature\\SignatureV4": lambda site, run: _Signer(first_of(site)),
    "DynamoDb\\SessionHandler": _session,
    "DynamoDb\\WriteRequestBatch": _write_batch,
    **sdk_s3.CLASSES,
}
