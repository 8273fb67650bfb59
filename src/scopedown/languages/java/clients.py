"""Clients of the SDK for Java, version 2: what makes them, and their methods."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target, find_operation
from scopedown.calls.sdks.unknown_names import note_operation, note_service
from scopedown.calls.values import CallSite, UnknownValue, Value
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.java.client_tools import SDK, HasTarget, Utilities, Waiter
from scopedown.languages.java.emission import TargetBuilder, send
from scopedown.languages.java.natives import Function, bound, computed, quiet

_OTHER_NAMES: Final[Mapping[str, Mapping[str, str]]] = {"s3": {"getObjectAsBytes": "GetObject"}}
"""Methods that are named otherwise than their operations: S3Client.getObjectAsBytes."""


@dataclass(frozen=True, slots=True, eq=False)
class UnknownService(Native):
    """The client's class of a service that the data does not know."""

    name: str

    names_a_client = True

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Making a client is told."""
        note_service(run, self.name, place)
        return UnknownValue(f"a client of {self.name}", place)

    def call(self, site: CallSite, run: Machine) -> Value:
        """A client."""
        return self.attribute("create", run, site.place)

    def describe(self) -> str:
        """For messages."""
        return f"a client of {self.name}"


@dataclass(frozen=True, slots=True, eq=False)
class ClientClass(Native):
    """``DynamoDbClient``: its static methods make clients."""

    service: str
    is_async: bool

    names_a_client = True

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``create()``, ``builder()``, ``crtBuilder()``."""
        if name == "create" or name == "crtCreate":
            return Function(name, lambda site, run: self.call(site, run))
        if name in ("builder", "crtBuilder"):
            return Function(
                name, lambda site, run: ClientBuilder(self.service, self.is_async, run.position.conditional)
            )
        return computed(name)

    def _builder(self, site: CallSite, run: Machine) -> Value:
        return ClientBuilder(self.service, self.is_async, run.position.conditional)

    def call(self, site: CallSite, run: Machine) -> Value:
        """A client with all defaults."""
        return Client(Target(self.service, SDK), self.is_async)

    def describe(self) -> str:
        """For messages."""
        return f"the client's class of {self.service}"


class ClientBuilder(TargetBuilder):
    """A builder of a client."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``region(…)``, ``credentialsProvider(…)``, ``endpointOverride(…)``, ``build()``."""
        if name == "build":
            return bound(self, name, lambda site, run: Client(self.target(SDK), self.is_async))
        return TargetBuilder.attribute(self, name, run, place)


@dataclass(frozen=True, slots=True, eq=False)
class Client(HasTarget):
    """A client: its methods are the operations of its service."""

    target: Target
    is_async: bool

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """An operation, or one of the few other methods of clients."""
        return self.known_member(name, run, place) or bound(self, name, self._unknown(name))

    def known_member(self, name: str, run: Machine, place: Place) -> Value | None:
        """The same, where the client has it."""
        if name in _OTHER_METHODS:
            return _OTHER_METHODS[name](self)
        renamed = _OTHER_NAMES.get(self.target.service, {}).get(name, name)
        for written in (renamed, renamed.removesuffix("Paginator")):
            operation = find_operation(run, self.target.service, written)
            if operation is not None:
                pages = written != renamed
                return bound(self, name, self._caller(operation, pages))
        return None

    def _caller(self, operation: Operation, pages: bool) -> Callable[[CallSite, Machine], Value]:
        return lambda site, run: send(run, self.target, operation, site, self.is_async, pages)

    def _unknown(self, name: str) -> Callable[[CallSite, Machine], Value]:
        def body(site: CallSite, run: Machine) -> Value:
            note_operation(run, self.target.service, name, site)
            return UnknownValue(f"result of {self.target.service}.{name}", site.place)

        return body

    def service_of_client(self) -> str | None:
        """The service."""
        return self.target.service

    def describe(self) -> str:
        """For messages."""
        return f"a client of {self.target.service}"


def _waiter(client: Client) -> Value:
    return bound(client, "waiter", lambda site, run: Waiter(client.target, client.is_async))


def _utilities(client: Client) -> Value:
    return bound(client, "utilities", lambda site, run: Utilities(client.target))


def _batches(client: Client) -> Value:
    """SQS's batch manager sends what it is handed in batches, under the actions of single messages."""
    return bound(client, "batchManager", lambda site, run: replace(client, is_async=True))


_OTHER_METHODS: Final[Mapping[str, Callable[[Client], Value]]] = {
    "waiter": _waiter,
    "utilities": _utilities,
    "batchManager": _batches,
    "close": lambda client: quiet("close"),
    **{
        name: (lambda client: computed("a property of a client"))
        for name in ("serviceName", "serviceClientConfiguration", "toString", "hashCode", "equals", "getClass")
    },
}
