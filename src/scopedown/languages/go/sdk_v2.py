"""The AWS SDK for Go, version 2: clients, paginators, waiters, presigned requests
(https://pkg.go.dev/github.com/aws/aws-sdk-go-v2)."""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target, find_operation
from scopedown.calls.sdks.unknown_names import unknown_service
from scopedown.calls.values import CallSite, Object, UnknownValue, Value, join
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.go import config
from scopedown.languages.go.clients import (
    ClientType,
    Structure,
    argument,
    emit,
    sending,
    target_in,
    through,
    unknown_method,
)
from scopedown.languages.go.natives import Function, Package, Thing, data, first, with_error
from scopedown.languages.go.services import V2, service_of

LANGUAGE = "go"
PACKAGES = ("github.com/aws/aws-sdk-go-v2/service",)
SDK = "go-v2"


def module(name: str) -> Value | None:
    """A service's package, or one below it."""
    package, _, below = name.removeprefix(f"{V2}service/").partition("/")
    service = service_of(package, "v2")
    if below == "types" or below.startswith("document"):
        return Types(name)
    if below:
        return Package(name)
    return ServicePackage(package, service) if service is not None else UnknownService(name)


@dataclass(frozen=True, slots=True, eq=False)
class Types(Native):
    """``service/x/types``: structures and the values of enumerations."""

    name: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """One of them."""
        return Structure(name)

    def describe(self) -> str:
        """The package."""
        return self.name


@dataclass(frozen=True, slots=True, eq=False)
class UnknownService(Native):
    """A package of a service that the data does not know."""

    name: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Making a client is told."""
        if name in ("New", "NewFromConfig"):
            return Function(name, unknown_service(self.name))
        return Structure(name)

    def describe(self) -> str:
        """The package."""
        return self.name


@dataclass(frozen=True, slots=True, eq=False)
class ServicePackage(Native):
    """``service/x``."""

    package: str
    service: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A constructor, a client's type, a paginator, a waiter, a structure."""
        service = self.service
        if name in ("New", "NewFromConfig"):
            return Function(f"{self.package}.{name}", lambda site, run: _client(service, site, run))
        if name == "NewPresignClient":
            return Function(name, lambda site, run: _presigner(service, site))
        if name == "PresignClient":
            return ClientType(Target(service, SDK), PresignClient)
        if name == "Client" or name.endswith("APIClient"):
            return ClientType(Target(service, SDK), Client)
        if name.startswith("New") and (made := self._helper(name[3:], run)) is not None:
            return made
        if name.startswith("With") or (name[:1].isupper() and name.startswith(("Add", "Resolve"))):
            return Package(f"{self.package}.{name}")
        return Structure(name, service, SDK, Client)

    def _helper(self, name: str, run: Machine) -> Value | None:
        service = self.service
        if name.endswith("Paginator"):
            operation = find_operation(run, service, name.removesuffix("Paginator"))
            if operation is not None:
                return Function(name, lambda site, run: Paginator(operation, first(site), argument(site, 1)))
        if name.endswith("Waiter"):
            waited = run.catalog.waiter_operation(service, name.removesuffix("Waiter"))
            if waited is not None:
                return Function(name, lambda site, run: Waiter(waited, first(site)))
        return None

    def describe(self) -> str:
        """The package."""
        return self.package


def _client(service: str, site: CallSite, run: Machine) -> Value:
    """``s3.NewFromConfig(cfg, func(o *s3.Options) {…})``."""
    made = [config.merged(one) for one in config.alternatives(site.positional[:1])]
    held = [config.optioned(run, one, site.positional[1:], site.place) for one in made]
    return join(*(Client(config.target(service, SDK, one)) for one in held))


def _presigner(service: str, site: CallSite) -> Value:
    found = target_in(first(site), service, SDK)
    return join(*(PresignClient(target) for target, _ in found))


@dataclass(frozen=True, slots=True, eq=False)
class Client(Native):
    """A client: a method for each operation, which takes a context and a request."""

    target: Target

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """An operation's method."""
        if name == "Options":
            return Function(name, lambda site, run: Object({}, data(name, site.place)), self)
        operation = find_operation(run, self.target.service, name)
        return (
            unknown_method(self.target.service, name) if operation is None else sending(self, self.target, operation, 1)
        )

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """Nothing that matters."""

    def service_of_client(self) -> str:
        """The service that it speaks to."""
        return self.target.service

    def describe(self) -> str:
        """The service."""
        return self.target.service


@dataclass(frozen=True, slots=True, eq=False)
class PresignClient(Native):
    """``s3.NewPresignClient(client)``: a request that it signs is taken as sent."""

    target: Target

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``PresignGetObject`` and its like."""
        written = name.removeprefix("Presign").replace("PostObject", "PutObject")
        operation = find_operation(run, self.target.service, written)
        if operation is None:
            return unknown_method(self.target.service, name)
        return Function(name, lambda site, run: self._presign(operation, site, run), self)

    def _presign(self, operation: Operation, site: CallSite, run: Machine) -> Value:
        emit(run, self.target, operation, argument(site, 1), site.place)
        return with_error(Object({}, data("Presign", site.place)), site.place)

    def service_of_client(self) -> str:
        """The service that it signs for."""
        return self.target.service

    def describe(self) -> str:
        """For messages."""
        return f"presigned requests of {self.target.service}"


@dataclass(frozen=True, slots=True, eq=False)
class Paginator(Native):
    """``dynamodb.NewQueryPaginator(client, input)``."""

    operation: Operation
    client: Value
    params: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``NextPage`` sends a request."""
        if name == "NextPage":
            return Function(name, self._next, self)
        return Thing(f"{self.operation.name}Paginator.{name}")

    def _next(self, site: CallSite, run: Machine) -> Value:
        pages = [
            through(run, owner, target, self.operation, self.params, site.place)
            for target, owner in target_in(self.client, self.operation.service, SDK)
        ]
        return join(*pages)

    def describe(self) -> str:
        """For messages."""
        return f"{self.operation.name}Paginator"


@dataclass(frozen=True, slots=True, eq=False)
class Waiter(Native):
    """``dynamodb.NewTableExistsWaiter(client)``."""

    operation: Operation
    client: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``Wait`` sends requests."""
        if name not in ("Wait", "WaitForOutput"):
            return Thing(f"waiter.{name}")
        return Function(name, lambda site, run: self._wait(name, site, run), self)

    def _wait(self, name: str, site: CallSite, run: Machine) -> Value:
        for target, owner in target_in(self.client, self.operation.service, SDK):
            through(run, owner, target, self.operation, argument(site, 1), site.place)
        error = UnknownValue("an error", site.place, inert=True)
        return error if name == "Wait" else with_error(data(name, site.place), site.place)

    def describe(self) -> str:
        """For messages."""
        return f"a waiter of {self.operation.service}"
