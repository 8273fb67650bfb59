"""The AWS SDK for Go, version 1: clients, requests, pages, waiters, interfaces of clients
(https://docs.aws.amazon.com/sdk-for-go/api/)."""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target, find_operation, squeezed
from scopedown.calls.sdks.unknown_names import unknown_service
from scopedown.calls.values import CallSite, Object, UnknownValue, Value, join
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.go import config
from scopedown.languages.go.clients import ClientType, Structure, argument, emit, sending, unknown_method
from scopedown.languages.go.natives import Callback, Function, Package, Thing, data, error, results, with_error
from scopedown.languages.go.services import V1, service_of

LANGUAGE = "go"
PACKAGES = ("github.com/aws/aws-sdk-go/service",)
SDK = "go-v1"

_HELD = ("Client", "Config", "ClientInfo", "Handlers", "Endpoint", "SigningName", "ServiceName", "Retryer")
"""What clients have beside their methods (aws/client of the SDK)."""


def module(name: str) -> Value | None:
    """A service's package, or that of the interface of its client."""
    package, _, below = name.removeprefix(f"{V1}service/").partition("/")
    service = service_of(package, "v1")
    if below == f"{package}iface" and service is not None:
        return Interfaces(service)
    if below:
        return None if below in _MODELLED else Package(name)
    return ServicePackage(package, service) if service is not None else UnknownService(name)


_SHORTENED = {("translate", "Text"): "TranslateText"}
"""Methods that lack the service's name, which the operation begins with (aws/aws-sdk-go@
8d203ccff393340d080be0417d091cc60354449b private/model/api/legacy_stutter.go)."""
_MODELLED = ("s3manager", "s3manager/s3manageriface", "dynamodbattribute", "expression", "rdsutils")
"""Packages below a service's that other models answer for (``sdk_libraries.py``)."""


@dataclass(frozen=True, slots=True, eq=False)
class Interfaces(Native):
    """``dynamodb/dynamodbiface``."""

    service: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``DynamoDBAPI``."""
        return ClientType(Target(self.service, SDK), Client)

    def describe(self) -> str:
        """For messages."""
        return f"the interface of {self.service}"


@dataclass(frozen=True, slots=True, eq=False)
class UnknownService(Native):
    """A package of a service that the data does not know."""

    name: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Making a client is told."""
        return Function(name, unknown_service(self.name)) if name == "New" else Structure(name)

    def describe(self) -> str:
        """The package."""
        return self.name


@dataclass(frozen=True, slots=True, eq=False)
class ServicePackage(Native):
    """``service/x``."""

    package: str
    service: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """The constructor, the client's type, a structure, the value of an enumeration."""
        if name == "New":
            return Function(f"{self.package}.New", lambda site, run: _client(self.service, site))
        if squeezed(name) == self.package:
            return ClientType(Target(self.service, SDK), Client)
        return Structure(name, self.service, SDK, Client)

    def describe(self) -> str:
        """The package."""
        return self.package


def _client(service: str, site: CallSite) -> Value:
    """``dynamodb.New(session, configuration…)``."""
    chosen = config.alternatives(site.positional)
    return join(*(Client(config.target(service, SDK, config.merged(one))) for one in chosen))


@dataclass(frozen=True, slots=True, eq=False)
class Client(Native):
    """A client: ``Op(input)``, ``OpWithContext(ctx, input)``, ``OpRequest(input)``, ``OpPages(input, f)``."""

    target: Target

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method."""
        service = self.target.service
        if name in _HELD:
            return Thing(f"{service}.{name}")
        written, index = name, 0
        if name.endswith("WithContext"):
            written, index = name.removesuffix("WithContext"), 1
        written = _SHORTENED.get((service, written), written)
        if (operation := find_operation(run, service, written)) is not None:
            return sending(self, self.target, operation, index)
        if written.endswith("Pages") and (paged := find_operation(run, service, written[:-5])) is not None:
            return Callback(name, lambda site, run: self._pages(paged, index, site, run), self)
        if written.endswith("Request") and (asked := find_operation(run, service, written[:-7])) is not None:
            return Function(name, lambda site, run: _request(self.target, asked, site), self)
        if written.startswith("WaitUntil"):
            waited = run.catalog.waiter_operation(service, written.removeprefix("WaitUntil"))
            if waited is not None:
                return Callback(name, lambda site, run: self._wait(waited, index, site, run), self)
        return unknown_method(service, name)

    def _pages(self, operation: Operation, index: int, site: CallSite, run: Machine) -> Value:
        """Each page is handed to a function, with whether it is the last."""
        page = emit(run, self.target, operation, argument(site, index), site.place)
        if index + 1 < len(site.positional):
            last = UnknownValue("whether it is the last page", site.place, inert=True)
            run.call_value(site.positional[index + 1], CallSite((page, last), {}, site.place))
        return error(site.place)

    def _wait(self, operation: Operation, index: int, site: CallSite, run: Machine) -> Value:
        emit(run, self.target, operation, argument(site, index), site.place)
        return error(site.place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """Settings are not followed."""

    def service_of_client(self) -> str:
        """The service that it speaks to."""
        return self.target.service

    def describe(self) -> str:
        """The service."""
        return self.target.service


def _request(target: Target, operation: Operation, site: CallSite) -> Value:
    """A request that is not sent yet, and its result, which is filled then."""
    made = Request(target, operation, argument(site, 0))
    return results(made, Object({}, data(operation.name, site.place)))


@dataclass(frozen=True, slots=True, eq=False)
class Request(Native):
    """``request.Request``: it is sent, or presigned."""

    target: Target
    operation: Operation
    params: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``Send``, ``Presign``; the rest changes how it is sent."""
        if name in ("Send", "Sign"):
            return Function(name, self._send, self)
        if name in ("Presign", "PresignRequest"):
            return Function(name, lambda site, run: self._presign(name, site, run), self)
        return Thing(f"request.{name}")

    def _send(self, site: CallSite, run: Machine) -> Value:
        emit(run, self.target, self.operation, self.params, site.place)
        return error(site.place)

    def _presign(self, name: str, site: CallSite, run: Machine) -> Value:
        emit(run, self.target, self.operation, self.params, site.place)
        url = data("Presign", site.place)
        return with_error(url, site.place) if name == "Presign" else results(url, url, error(site.place))

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """Nothing that matters."""

    def unsent(self) -> tuple[str, str]:
        """The call that it will be."""
        return self.operation.service, self.operation.name

    def describe(self) -> str:
        """For messages."""
        return f"a request of {self.operation.name}"
