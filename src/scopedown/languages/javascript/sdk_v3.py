"""aws-sdk for JavaScript, version 3: commands, aggregated clients, paginators, waiters.

``new XCommand(input)`` is a command; ``client.send(command)`` emits it. The operation is the command's name without
``Command``, the client is ``ServiceIdClient``, the aggregated client ``ServiceId``. The libraries above it
(``lib-dynamodb``, ``lib-storage``, presigners, credential providers) are in ``js_v3_libraries.py``.

Source of names: https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import Target, emit
from scopedown.calls.sdks.shapes.objects import CLIENT, ServiceClass, ServiceObject
from scopedown.calls.sdks.shapes.rows import Row
from scopedown.calls.sdks.unknown_names import commands_alike, note_operation, unknown_operation, unknown_service
from scopedown.calls.values import CallSite, Instance, Object, Sequence, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation, Service
from scopedown.core.place import Place
from scopedown.languages.javascript.natives import NOTHING, Callback, JavaScriptNative, Platform, Quiet, function
from scopedown.languages.javascript.sdk_calls import JavaScriptSdk, call_back, find_operation, is_function

LANGUAGE = "javascript"
PACKAGES = ("@aws-sdk", "@smithy", "@aws-crypto")
SDK = "js-v3"

PLAIN_PACKAGES = (
    "@aws-sdk/util-",
    "@aws-sdk/types",
    "@aws-sdk/middleware-",
    "@aws-sdk/node-http-handler",
    "@aws-sdk/fetch-http-handler",
    "@aws-sdk/xhr-http-handler",
    "@aws-sdk/signature-v4",
    "@aws-sdk/protocol-http",
    "@aws-sdk/hash-",
    "@aws-sdk/sha256-",
    "@aws-sdk/url-parser",
    "@aws-sdk/querystring-",
    "@aws-sdk/smithy-client",
    "@aws-sdk/config-resolver",
    "@aws-sdk/shared-ini-file-loader",
    "@aws-sdk/eventstream-",
    "@aws-sdk/core",
    "@aws-sdk/cloudfront-signer",
    "@aws-sdk/rds-signer",
    "@aws-sdk/dsql-signer",
    "@aws-sdk/abort-controller",
    "@aws-sdk/region-config-resolver",
    "@aws-sdk/node-config-provider",
    "@smithy/",
    "@aws-crypto/",
)
"""Packages that call no API: marshalling, signing, transport."""


def module(name: str) -> Value | None:
    """A client's package, or one that calls nothing; None for others, the libraries above the clients among them."""
    if name.startswith("@aws-sdk/client-"):
        parts = name.split("/")
        return ClientPackage("/".join(parts[:2]))
    return Quiet(name) if name.startswith(PLAIN_PACKAGES) else None


@dataclass(frozen=True, slots=True, eq=False)
class ClientPackage(JavaScriptNative):
    """``@aws-sdk/client-x``."""

    label = "{self.package}"
    package: str

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A client's class, a command's, a paginator, a waiter, or an error or enumeration."""
        service = run.catalog.service_of_v3_package(self.package)
        if service is None:
            return function(name, unknown_service(self.package)) if name[:1].isupper() else None
        return member_of_package(service.name, name, run, class_name(service))


def _unknown_member(service: str, name: str) -> Value:
    return function(f"{service}.{name}", unknown_operation(service, name))


def class_name(service: Service) -> str:
    """The aggregated client's name, from the serviceId (``SQS``, ``CloudWatchLogs``)."""
    return "".join(character for character in service.service_id if character.isalnum())


def member_of_package(service: str, name: str, run: Machine, aggregated: str) -> Value | None:
    """What a client's package exports under a name."""
    if name.endswith("Command"):
        operation = find_operation(run, service, name.removesuffix("Command"))
        if operation is None:
            return _unknown_member(service, name) if name[0].isupper() and name != "Command" else None
        return CommandClass(operation)
    if name.lower() in (aggregated.lower(), aggregated.lower() + "client"):
        is_aggregated = len(name) == len(aggregated)  # WorkSpacesThinClient is one
        return ClientClass(V3, service, "aggregated" if is_aggregated else CLIENT)
    if name.startswith(("paginate", "waitUntil", "waitFor")):
        return _of_client(service, name, run)
    if name.endswith("Client"):
        return ClientClass(V3, service)
    return _Export(name, service=service) if name[:1].isupper() else None


@dataclass(frozen=True, slots=True, eq=False)
class _Export(Quiet):
    """What else a client's package exports, errors and enumerations; made like a command, a misspelt command."""

    service: str = ""

    def call(self, site: CallSite, run: Machine) -> Value:
        """Unknown; said where the name is nearly a command's."""
        if commands_alike(run, self.service, self.name):
            note_operation(run, self.service, self.name, site)
        return Quiet.call(self, site, run)


@dataclass(frozen=True, slots=True, eq=False)
class CommandClass(JavaScriptNative):
    """``PutItemCommand`` and its like. ``params`` names the input's shape where a library changed it."""

    label = "{self.operation.name}Command"
    operation: Operation

    def call(self, site: CallSite, run: Machine) -> Value:
        """A command for each alternative of the input."""
        given_input = site.argument(0)
        if given_input is None:
            given_input = NOTHING if site.complete else UnknownValue("parameter")
        return join(*(Command(self.operation, option) for option in options(given_input)))


@dataclass(frozen=True, slots=True, eq=False)
class Command(JavaScriptNative):
    """An operation with its input, not yet sent."""

    label = "{self.operation.name}Command"
    operation: Operation
    input: Value

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``input``."""
        if name == "input":
            return self.input
        return Platform("middlewareStack") if name == "middlewareStack" else None

    def unsent(self) -> tuple[str, str]:
        """The call that it will be, should something send it."""
        return self.operation.service, self.operation.name


class ClientClass(JavaScriptNative, ServiceClass):
    """``DynamoDBClient``, or ``DynamoDB`` whose clients have a method for each operation."""

    __slots__ = ()
    label = "the client of {self.service}"


class Version3(JavaScriptSdk):
    """Version 3."""

    def gives(self, owner: ServiceObject, row: Row, found: Value, site: CallSite, run: Machine) -> Value:
        """The result, which a callback gets too; pages, one call each."""
        if row.gives == "pages":
            return Sequence([], found)
        if row.gives == "waited":
            return UnknownValue("a waiter's result", site.place)
        return _answer(site, found, run)

    def special(self, owner: ServiceObject, name: str, run: Machine) -> Value | None:
        """``send``, and what calls nothing."""
        if name == "send" and owner.kind in self.clients:
            return Callback(f"{owner.target.service}.send", lambda site, run: _send(owner.target, site, run), owner)
        if name == "middlewareStack":
            return Platform(name)
        if owner.kind == "upload" and name in ("on", "once", "off", "abort"):
            return Platform(f"upload.{name}")
        return None

    def is_operation(self, owner: ServiceObject, name: str) -> bool:
        """Methods are the operations of clients that have one for each."""
        is_method = name[:1].islower() and name not in ("then", "catch", "finally")
        return is_method and owner.kind in ("aggregated", "documents")


V3: Final = Version3(SDK, Path(__file__).parent, "")


def _answer(site: CallSite, found: Value, run: Machine) -> Value:
    """Call the callback, where the last argument is one."""
    last = site.positional[-1] if site.positional else None
    if is_function(last):
        call_back(last, found, run, site.place)
    return found


def _send(target: Target, site: CallSite, run: Machine) -> Value:
    """``client.send(command)``: each command that can arrive is a call."""
    command = site.argument(0)
    results = [result for option in options(command or NOTHING) if (result := send(target, option, run, site.place))]
    if not results:
        return _answer(site, UnknownValue("result of an unknown command", site.place), run)
    return _answer(site, join(*results), run)


def send(target: Target, command: Value, run: Machine, place: Place) -> Value | None:
    """Emit one command; None where it is not known to be one."""
    if isinstance(command, Command):
        return emit(run, target, command.operation, command.input, place)
    if isinstance(command, Instance):  # a class of the code that extends a command
        for base in command.cls.ancestry():
            if isinstance(base, CommandClass):
                params = command.fields.get("input") or UnknownValue("a command's input", place)
                return emit(run, target, base.operation, params, place)
    return None


def target_in(configuration: Value | None, service: str) -> Target:
    """The client in ``{client, …}``, which paginators, waiters and libraries take."""
    client = configuration.fields.get("client") if isinstance(configuration, Object) else configuration
    for option in options(client) if client is not None else ():
        found = getattr(option, "target", None)
        if isinstance(found, Target):
            return found if found.service == service else replace(found, service=service, bound=None)
    return Target(service, SDK)


def _of_client(service: str, name: str, run: Machine) -> Value | None:
    """``paginateQuery({client}, input)``, ``waitUntilTableExists({client}, input)`` and the older ``waitForX``."""

    def called(target: Target) -> Value | None:
        return ServiceObject(V3, target, "package").known(name, run)

    def body(site: CallSite, run: Machine) -> Value:
        found = called(target_in(site.argument(0), service))
        return NOTHING if found is None else run.call_value(found, site)

    return Callback(name, body) if called(Target(service, SDK)) is not None else None
