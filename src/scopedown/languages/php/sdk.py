"""AWS SDK for PHP (version 3)

Sources: https://docs.aws.amazon.com/sdk-for-php/v3/developer-guide/, https://docs.aws.amazon.com/aws-sdk-php/v3/api/.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from scopedown.calls.interpreter.dispatch import on_service
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import NOTHING, RoleCredentials, Target, by_name, emit, squeezed
from scopedown.calls.sdks.shapes.credentials import Keys, assume
from scopedown.calls.sdks.shapes.objects import Body, Class, Methods, ServiceClass, ServiceObject, UnknownClass, sent
from scopedown.calls.sdks.signing import sign
from scopedown.calls.sdks.unknown_names import unknown_service
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.php.native import Library, argument, first_of
from scopedown.languages.php.sdk_client import SDK, Php, Promise, merged, request, target_of
from scopedown.languages.php.sdk_s3 import AWS_SDK, OF_S3

LANGUAGE: Final = "php"
PACKAGES: Final = ("Aws",)


def module(name: str) -> Value | None:
    """A class of the SDK by its whole name."""
    first, _, below = name.partition("\\")
    if first != "Aws" or not below:
        return None
    package, _, last = below.rpartition("\\")
    if (made := _CLASSES.get(below)) is not None:
        return Class(AWS_SDK, name, made, _MAKERS.get(last, ("fromClient", "factory")))
    if (other := _OTHERS.get(below)) is not None:
        return other()
    if last.endswith("Client") and package and "\\" not in package:
        return class_of_clients(AWS_SDK, package, name)
    return Library(name)


def class_of_clients(sdk: Php, package: str, name: str) -> Value:
    """The class of the clients of a service by the name of its package, and its own for a service that is not known."""
    service = sdk.services.get(squeezed(package))
    return UnknownClass(name) if service is None else ServiceClass(sdk, service)


class Factory(Native):
    """``Aws\\Sdk``: makes clients with options in common."""

    __slots__ = ("_options",)

    def __init__(self, given: Value | None = None) -> None:
        self._options = given

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new Aws\\Sdk([…])``."""
        return Factory(argument(site, 0))

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``createS3()``, ``createClient("s3")``."""
        if name == "createClient":
            return AWS_SDK.method(name, lambda site, run: self._made(first_of(site), argument(site, 1), site, run))
        if name.startswith("create"):
            written = Const(name.removeprefix("create").removeprefix("MultiRegion"))
            return AWS_SDK.method(name, lambda site, run: self._made(written, argument(site, 0), site, run))
        return Library(f"Aws\\Sdk::{name}")

    def _made(self, name: Value, given: Value | None, site: CallSite, run: Machine) -> Value:
        for option in options(name):
            written = option.value if isinstance(option, Const) else None
            if not isinstance(written, str):
                on_service(run, "*", "is of a service with a computed name", site.place)
                continue
            service = AWS_SDK.services.get(squeezed(written))
            if service is None and run.catalog.service(written) is not None:
                service = written
            if service is None:
                return unknown_service(written)(site, run)
            own = merged(self._options, given)
            inner = own.fields.get(written)
            return AWS_SDK.client(target_of(service, merged(own, inner), run, site.place))
        return UnknownValue("a client of a service with a computed name", site.place)


# credentials


def _assumed(site: CallSite, run: Machine) -> Value:
    """Credentials of a role, for which STS is called."""
    given = first_of(site)
    fields = given.fields if isinstance(given, Object) else {}
    held = fields.get("assume_role_params", Object())
    operation = run.catalog.operation("sts", "AssumeRole")
    params = held if operation is None else request(operation, held, site)
    return assume(run, _asker(fields.get("client"), "sts"), params, site.place)


def _asker(client: Value | None, service: str) -> Target:
    """Whom a client speaks to that an object of the SDK was given."""
    return client.target if isinstance(client, ServiceObject) else Target(service, SDK)


class Providers(Native):
    """``Aws\\Credentials\\CredentialProvider``."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Its providers: those of the environment give the function's own."""
        if name == "assumeRole":
            return AWS_SDK.method(name, _assumed)
        if name in ("fromCredentials", "memoize", "cache"):
            return AWS_SDK.method(name, lambda site, run: first_of(site))
        return AWS_SDK.method(name, lambda site, run: Library("the function's own credentials"))


# the rest


def _token(site: CallSite, run: Machine) -> Value:
    """``(new Aws\\Rds\\AuthTokenGenerator($credentials))->createToken($endpoint, $region, $user)``."""
    given = first_of(site)
    owner = given.role if isinstance(given, RoleCredentials) else None

    def sign_token(site: CallSite, run: Machine) -> Value:
        arguments = dict(zip(("DBHostname", "Region", "DBUsername"), site.all(), strict=False))
        run.emit("rds-db", "connect", arguments, site.place, SDK, owner)
        return UnknownValue("a database's token", site.place, inert=True)

    return Methods(AWS_SDK, "AuthTokenGenerator", {"createToken": sign_token})


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

        return AWS_SDK.method(name, body)


def _session(site: CallSite, run: Machine) -> Value:
    """``SessionHandler::fromClient($client, ["table_name" => …])``: sessions are items of a table
    (https://docs.aws.amazon.com/sdk-for-php/v3/developer-guide/service_dynamodb-session-handler.html)."""
    given = argument(site, 1)
    table = given.fields.get("table_name", Const("sessions")) if isinstance(given, Object) else Const("sessions")
    for name in ("GetItem", "UpdateItem", "DeleteItem"):
        operation = run.catalog.operation("dynamodb", name)
        if operation is not None:
            emit(run, _asker(first_of(site), "dynamodb"), operation, Object({"TableName": table}), site.place)
    return Library("a session handler")


def _write_batch(site: CallSite, run: Machine) -> Value:
    """``new WriteRequestBatch($client, ["table" => …])``."""
    given = argument(site, 1)
    table = given.fields.get("table") if isinstance(given, Object) else None
    requests = by_name(table or UnknownValue("a table", site.place))
    operation = run.catalog.operation("dynamodb", "BatchWriteItem")
    if operation is not None:
        emit(run, _asker(first_of(site), "dynamodb"), operation, Object({"RequestItems": requests}), site.place)
    return Library("a batch")


def _pool(site: CallSite, run: Machine) -> Value:
    """``new CommandPool($client, $commands)``, ``CommandPool::batch($client, $commands)``."""
    for value in site.all()[1:2]:
        for option in options(value):
            if isinstance(option, Native) and not isinstance(option, ServiceObject):
                sent(option.iterate(run, site.place), site.place, run)
        sent(value, site.place, run)
    for value in site.all()[2:]:
        run.escape(value, site.place)
    return Promise(UnknownValue("results", site.place, inert=True))


def _own(site: CallSite, run: Machine) -> Value:
    return Library("the function's own credentials")


_CLASSES: Final[Mapping[str, Body]] = {
    "CommandPool": _pool,
    "Credentials\\Credentials": lambda site, run: Keys(argument(site, 0) or NOTHING),
    "Credentials\\AssumeRoleCredentialProvider": _assumed,
    "Credentials\\EcsCredentialProvider": _own,
    "Credentials\\InstanceProfileProvider": _own,
    "Rds\\AuthTokenGenerator": _token,
    "Signature\\SignatureV4": lambda site, run: _Signer(first_of(site)),
    "DynamoDb\\SessionHandler": _session,
    "DynamoDb\\WriteRequestBatch": _write_batch,
    **OF_S3,
}
_MAKERS: Final[Mapping[str, tuple[str, ...]]] = {"CommandPool": ("fromClient", "factory", "batch")}
_OTHERS: Final[Mapping[str, Callable[[], Value]]] = {
    "Sdk": Factory,
    "Credentials\\CredentialProvider": Providers,
}
