"""AWS SDK for Ruby (version 3)

Source: aws/aws-sdk-ruby@0077a45d63531e5b0ab761cdadc9ba18df726347 (gems/aws-sdk-core/lib/aws-sdk-core.rb).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.builtins.python_native import Function
from scopedown.calls.interpreter.dispatch import on_service
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import RoleCredentials, Target, emit, squeezed
from scopedown.calls.sdks.unknown_names import unknown_service
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.languages.ruby import sdk_record, sdk_resources, sdk_s3
from scopedown.languages.ruby.native import NOTHING, Library, first_of, options_of
from scopedown.languages.ruby.sdk_client import CONFIG, SDK, Client, GivenCredentials, Operations, request, target_of

LANGUAGE: Final = "ruby"
PACKAGES: Final = ("Aws",)
_SERVICES: Final = Path(__file__).with_name("services.tsv")
_OWN_CREDENTIALS: Final = frozenset({
    "CredentialProviderChain", "ECSCredentials", "InstanceProfileCredentials", "ProcessCredentials", "SSOCredentials",
    "SharedCredentials",
})  # fmt: skip
"""Credentials of the environment: where Lambda runs, the function's own."""
_PLAIN: Final = frozenset({
    "Errors", "Types", "Plugins", "Waiters", "Log", "Json", "Xml", "Util", "Structure", "Sigv4", "Endpoints", "Query",
    "EndpointProvider", "EndpointParameters", "Telemetry", "Partitions", "EventEmitter", "ClientApi", "VERSION",
})  # fmt: skip
"""Parts of the SDK that call nothing."""


def module(name: str) -> Value | None:
    """``Aws``; what is in it are its members."""
    return Namespace() if name == "Aws" else None


@cache
def services() -> Mapping[str, str]:
    """Services by the letters of their modules' names."""
    found: dict[str, str] = {}
    for row in read_rows(_SERVICES):
        found.setdefault(row["module"], row["service"])
    return found


class Namespace(Native):
    """``Aws``."""

    __slots__ = ()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What a program that adds to it still finds in it."""
        known = name in ("Credentials", "AssumeRoleCredentials", "Record") or squeezed(name) in services()
        return self.attribute(name, run, place) if known else None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A service, credentials, or the configuration of all clients."""
        if name == "config":
            return Function(name, lambda site, run: Configuration())
        if name == "Credentials":
            return Class(name, lambda site, run: GivenCredentials(_key(site)))
        if name == "AssumeRoleCredentials":
            return Class(name, _assumed)
        if name in _OWN_CREDENTIALS:
            return Class(name, lambda site, run: Library("Aws credentials"))
        if name == "Record":
            return sdk_record.Record()
        if name == "const_get":
            return Function(name, self._constant)
        if name in _PLAIN or not name[:1].isupper():
            return Library(f"Aws::{name}")
        service = services().get(squeezed(name))
        if service is None:
            return Unknown(f"Aws::{name}")
        return Service(service)

    def _constant(self, site: CallSite, run: Machine) -> Value:
        """``Aws.const_get("SQS")``."""
        found: list[Value] = []
        for option in options(first_of(site)):
            if isinstance(option, Const) and isinstance(option.value, str):
                found.append(self.attribute(option.value, run, site.place))
            else:
                on_service(run, "*", "is of a service with a computed name", site.place)
                found.append(UnknownValue("a service with a computed name", site.place))
        return join(*found)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """``Aws.config = {…}``."""
        if name == "config":
            _configure(run, value)

    def describe(self) -> str:
        """Its name."""
        return "Aws"


class Class(Native):
    """A class of the SDK, which makes one thing."""

    __slots__ = ("_make", "name")

    def __init__(self, name: str, make: Callable[[CallSite, Machine], Value]) -> None:
        self.name = name
        self._make = make

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``Class.new``."""
        return self._make(site, run)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Members of the class itself call nothing."""
        return Library(f"{self.name}.{name}")

    def describe(self) -> str:
        """Its name."""
        return self.name


class Unknown(Native):
    """A module of the SDK that the data does not know: making a client of it is told."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Its classes are as unknown."""
        return Unknown(f"{self.name}::{name}") if name[:1].isupper() else Library(f"{self.name}.{name}")

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A client of it."""
        return unknown_service(self.name)(site, run)


# configuration and credentials


class Configuration(Native):
    """``Aws.config``: what every client is made with."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``Aws.config.update(region: …)``."""
        if name in ("update", "merge!"):
            return Function(name, lambda site, run: _configure(run, options_of(site)))
        return Library(f"Aws.config.{name}")

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``Aws.config[:region]``."""
        return UnknownValue("a setting of Aws.config", place, inert=True)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """``Aws.config[:region] = …``."""
        _configure(run, Object({name: value}))


def _configure(run: Machine, given: Value) -> Value:
    kept = run.heap.globals.variables.setdefault(CONFIG, Object())
    for option in options(given):
        if isinstance(option, Object) and isinstance(kept, Object):
            kept.fields.update(option.fields)
            run.heap.globals.version += 1
    return given


def _key(site: CallSite) -> Value:
    key = site.argument(0, "access_key_id")
    return NOTHING if key is None else key


def _assumed(site: CallSite, run: Machine) -> Value:
    """``Aws::AssumeRoleCredentials.new(role_arn: …)`` calls STS itself (aws-sdk-core
    lib/aws-sdk-core/assume_role_credentials.rb)."""
    given = options_of(site)
    operation = run.catalog.operation("sts", "AssumeRole")
    client = given.fields.get("client")
    target = client.target if isinstance(client, Client) else Target("sts", SDK)
    wanted = {name: value for name, value in given.fields.items() if name not in ("client", "credentials", "region")}
    if operation is not None:
        emit(run, target, operation, request(operation, CallSite((), wanted, site.place, site.complete)), site.place)
    return RoleCredentials(given.fields.get("role_arn") or UnknownValue("a role", site.place))


# services


class Service(Native):
    """``Aws::S3``: the module of a service."""

    __slots__ = ("service",)

    def __init__(self, service: str) -> None:
        self.service = service

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What a program that adds to it still finds in it."""
        known = name in ("Client", "Resource", "Errors") or (self.service, name) in _SPECIAL
        known = known or run.catalog.resource_model(self.service, name) is not None
        return self.attribute(name, run, place) if known else None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A class of the service."""
        service = self.service
        if name == "Client":
            return ClientClass(service)
        if name in _PLAIN:
            return Library(f"{service}::{name}")
        if (special := _SPECIAL.get((service, name))) is not None:
            return Class(f"{service}::{name}", lambda site, run: special(service, site, run))
        if name in ("EncryptionV2", "EncryptionV3", "Encryption") and service == "s3":
            return self
        if name == "Resource":
            return sdk_resources.ResourceClass(service, "ServiceResource")
        if run.catalog.resource_model(service, name) is not None:
            return sdk_resources.ResourceClass(service, name)
        return Library(f"{service}::{name}")

    def describe(self) -> str:
        """The service."""
        return self.service


class ClientClass(Native):
    """``Aws::S3::Client``."""

    __slots__ = ("service",)

    names_a_client = True

    def __init__(self, service: str) -> None:
        self.service = service

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A client."""
        return Client(target_of(self.service, options_of(site), run, site.place))

    call = construct

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Members of the class itself call nothing."""
        return Library(f"{self.service}::Client.{name}")

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """The methods of a client that a class of the analysed code inherits."""
        return Operations(Target(self.service, SDK)).named(name, run)

    def describe(self) -> str:
        """For messages."""
        return f"the {self.service} client"


def _auth_token(service: str, site: CallSite, run: Machine) -> Value:
    """``Aws::RDS::AuthTokenGenerator`` (aws-sdk-rds lib/aws-sdk-rds/customizations/auth_token_generator.rb)."""
    credentials = options_of(site).fields.get("credentials")
    owner = credentials.role if isinstance(credentials, RoleCredentials) else None

    def sign(site: CallSite, run: Machine) -> Value:
        given = options_of(site).fields
        names = {"DBHostname": "endpoint", "DBUsername": "user_name", "Region": "region"}
        arguments = {name: given[key] for name, key in names.items() if key in given}
        run.emit("rds-db", "connect", arguments, site.place, SDK, owner)
        return UnknownValue("a database's token", site.place, inert=True)

    return _WithMethods({"auth_token": sign, "generate_auth_token": sign})


def _poller(service: str, site: CallSite, run: Machine) -> Value:
    """``Aws::SQS::QueuePoller``: it receives messages and deletes them when the block is done with them
    (aws-sdk-sqs lib/aws-sdk-sqs/queue_poller.rb)."""
    given = options_of(site)
    client = given.fields.get("client")
    target = client.target if isinstance(client, Client) else target_of("sqs", Object(), run, site.place)
    url = first_of(site)

    def poll(site: CallSite, run: Machine) -> Value:
        for name in ("ReceiveMessage", "DeleteMessageBatch", "DeleteMessage"):
            operation = run.catalog.operation("sqs", name)
            if operation is not None:
                emit(run, target, operation, Object({"QueueUrl": url}), site.place)
        for value in site.all():
            run.escape(value, site.place)
        return NOTHING

    return _WithMethods({"poll": poll})


class _WithMethods(Native):
    """An object of the SDK with a few methods."""

    __slots__ = ("_methods",)

    def __init__(self, methods: Mapping[str, Callable[[CallSite, Machine], Value]]) -> None:
        self._methods = methods

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """One of them."""
        body = self._methods.get(name)
        return Library(name) if body is None else Function(name, body)


_SPECIAL: Final[Mapping[tuple[str, str], Callable[[str, CallSite, Machine], Value]]] = {
    ("rds", "AuthTokenGenerator"): _auth_token,
    ("sqs", "QueuePoller"): _poller,
    ("s3", "Presigner"): sdk_s3.presigner,
    ("s3", "PresignedPost"): sdk_s3.presigned_post,
    ("s3", "TransferManager"): sdk_s3.transfer_manager,
    ("polly", "Presigner"): sdk_s3.polly_presigner,
}
