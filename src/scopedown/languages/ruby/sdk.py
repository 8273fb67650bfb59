"""AWS SDK for Ruby (version 3)

Source: aws/aws-sdk-ruby@0077a45d63531e5b0ab761cdadc9ba18df726347 (gems/aws-sdk-core/lib/aws-sdk-core.rb).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from scopedown.calls.interpreter.dispatch import on_service
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.sdks.emitting import RoleCredentials, Target, emit, squeezed
from scopedown.calls.sdks.shapes.credentials import Keys, assume
from scopedown.calls.sdks.shapes.objects import Class, Methods, ServiceClass, ServiceObject, UnknownClass
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.ruby import sdk_record, sdk_resources, sdk_s3
from scopedown.languages.ruby.native import NOTHING, Library, first_of, options_of
from scopedown.languages.ruby.sdk_client import AWS_SDK, CONFIG, client_of, request

LANGUAGE: Final = "ruby"
PACKAGES: Final = ("Aws",)
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


class Namespace(Native):
    """``Aws``."""

    __slots__ = ()
    label = "Aws"

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What a program that adds to it still finds in it."""
        known = name in ("Credentials", "AssumeRoleCredentials", "Record") or squeezed(name) in AWS_SDK.services
        return self.attribute(name, run, place) if known else None

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A service, credentials, or the configuration of all clients."""
        if name == "config":
            return Function(name, lambda site, run: Configuration())
        if name == "Credentials":
            return Class(AWS_SDK, name, lambda site, run: Keys(_key(site)))
        if name == "AssumeRoleCredentials":
            return Class(AWS_SDK, name, _assumed)
        if name in _OWN_CREDENTIALS:
            return Class(AWS_SDK, name, lambda site, run: Library("Aws credentials"))
        if name == "Record":
            return sdk_record.Record()
        if name == "const_get":
            return Function(name, self._constant)
        if name in _PLAIN or not name[:1].isupper():
            return Library(f"Aws::{name}")
        service = AWS_SDK.services.get(squeezed(name))
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


class Unknown(UnknownClass):
    """A module of the SDK that the data does not know: making a client of it is noted."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Its classes are as unknown."""
        return Unknown(f"{self.name}::{name}") if name[:1].isupper() else Library(f"{self.name}.{name}")


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
    asker = client.target if isinstance(client, ServiceObject) else Target("sts", AWS_SDK.name)
    wanted = {name: value for name, value in given.fields.items() if name not in ("client", "credentials", "region")}
    params: Value = Object(wanted)
    if operation is not None:
        params = request(operation, CallSite((), wanted, site.place, site.complete))
    return assume(run, asker, params, site.place)


# services


class Service(Native):
    """``Aws::S3``: the module of a service."""

    __slots__ = ("service",)
    label = "{self.service}"

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
            return ServiceClass(AWS_SDK, service)
        if name in _PLAIN:
            return Library(f"{service}::{name}")
        if (special := _SPECIAL.get((service, name))) is not None:
            return Class(AWS_SDK, f"{service}::{name}", lambda site, run: special(service, site, run))
        if name in ("EncryptionV2", "EncryptionV3", "Encryption") and service == "s3":
            return self
        if name == "Resource":
            return sdk_resources.ResourceClass(service, "ServiceResource")
        if run.catalog.resource_model(service, name) is not None:
            return sdk_resources.ResourceClass(service, name)
        return Library(f"{service}::{name}")


def _auth_token(service: str, site: CallSite, run: Machine) -> Value:
    """``Aws::RDS::AuthTokenGenerator`` (aws-sdk-rds lib/aws-sdk-rds/customizations/auth_token_generator.rb)."""
    credentials = options_of(site).fields.get("credentials")
    owner = credentials.role if isinstance(credentials, RoleCredentials) else None

    def sign(site: CallSite, run: Machine) -> Value:
        given = options_of(site).fields
        names = {"DBHostname": "endpoint", "DBUsername": "user_name", "Region": "region"}
        arguments = {name: given[key] for name, key in names.items() if key in given}
        run.emit("rds-db", "connect", arguments, site.place, AWS_SDK.name, owner)
        return UnknownValue("a database's token", site.place, inert=True)

    return Methods(AWS_SDK, "AuthTokenGenerator", {"auth_token": sign, "generate_auth_token": sign})


def _poller(service: str, site: CallSite, run: Machine) -> Value:
    """``Aws::SQS::QueuePoller``: it receives messages and deletes them when the block is done with them
    (aws-sdk-sqs lib/aws-sdk-sqs/queue_poller.rb)."""
    target = client_of(options_of(site), service, run)
    url = first_of(site)

    def poll(site: CallSite, run: Machine) -> Value:
        for name in ("ReceiveMessage", "DeleteMessageBatch", "DeleteMessage"):
            operation = run.catalog.operation("sqs", name)
            if operation is not None:
                emit(run, target, operation, Object({"QueueUrl": url}), site.place)
        for value in site.all():
            run.escape(value, site.place)
        return NOTHING

    return Methods(AWS_SDK, "QueuePoller", {"poll": poll})


def _on_client(kind: str) -> Callable[[str, CallSite, Machine], Value]:
    """``Aws::S3::TransferManager.new(client: …)``: an object on a client, by the rows for its kind."""
    return lambda service, site, run: ServiceObject(AWS_SDK, client_of(options_of(site), service, run), kind)


_SPECIAL: Final[Mapping[tuple[str, str], Callable[[str, CallSite, Machine], Value]]] = {
    ("rds", "AuthTokenGenerator"): _auth_token,
    ("sqs", "QueuePoller"): _poller,
    ("s3", "Presigner"): sdk_s3.presigner,
    ("s3", "PresignedPost"): sdk_s3.presigned_post,
    ("s3", "TransferManager"): _on_client("transfer"),
    ("polly", "Presigner"): _on_client("presigner"),
}
