"""The AWS SDK for Go, both versions: clients, paginators, waiters, requests, presigned requests

Sources: https://docs.aws.amazon.com/sdk-for-go/api/, https://pkg.go.dev/github.com/aws/aws-sdk-go-v2. What the members
of clients do is in ``sdk.tsv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target, squeezed
from scopedown.calls.sdks.shapes.objects import ServiceObject
from scopedown.calls.sdks.unknown_names import unknown_service
from scopedown.calls.values import Value
from scopedown.core.place import Place
from scopedown.languages.go.clients import V1, V2, ClientType, GoSdk, Structure
from scopedown.languages.go.natives import Function, Package

LANGUAGE: Final = "go"
PACKAGES: Final = (f"{V1.root}service", f"{V2.root}service")
_MODELLED: Final = ("s3manager", "s3manager/s3manageriface", "dynamodbattribute", "expression", "rdsutils")
"""Packages below a service's that other models answer for (``sdk_libraries.py``)."""


def module(name: str) -> Value | None:
    """A service's package, or one below it."""
    sdk = V2 if name.startswith(V2.root) else V1
    package, _, below = name.removeprefix(f"{sdk.root}service/").partition("/")
    service = sdk.services.get(package)
    if sdk is V1 and below == f"{package}iface" and service is not None:
        return Interfaces(Target(service, sdk.name), sdk.client)
    if sdk is V2 and (below == "types" or below.startswith("document")):
        return Types(name)
    if below:
        return None if below in _MODELLED else Package(name)
    return ServicePackage(sdk, package, service) if service is not None else UnknownService(name)


class Interfaces(ClientType):
    """``dynamodb/dynamodbiface``, whose members are types of the client (``DynamoDBAPI``)."""

    __slots__ = ()

    label = "the interface of {self.target.service}"
    names_a_client = False

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``DynamoDBAPI``."""
        return ClientType(self.target, self.make)


@dataclass(frozen=True, slots=True, eq=False)
class Types(Native):
    """``service/x/types``: structures and the values of enumerations."""

    label = "{self.name}"
    name: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """One of them."""
        return Structure(name)


class UnknownService(Types):
    """A package of a service that the data does not know."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Making a client is noted."""
        return Function(name, unknown_service(self.name)) if name in ("New", "NewFromConfig") else Structure(name)


@dataclass(frozen=True, slots=True, eq=False)
class ServicePackage(Native):
    """``service/x``."""

    label = "{self.package}"
    sdk: GoSdk
    package: str
    service: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A constructor, a client's type, a paginator, a waiter, a structure, an option."""
        target = Target(self.service, self.sdk.name)
        package = ServiceObject(self.sdk, target, "package")
        if (made := package.known(name, run)) is not None:
            return made
        if name == "PresignClient":
            return ClientType(target, lambda target: ServiceObject(self.sdk, target, "presigner"))
        is_client = squeezed(name) == self.package if self.sdk is V1 else name == "Client" or name.endswith("APIClient")
        if is_client:
            return ClientType(target, self.sdk.client)
        if self.sdk is V2 and name.startswith(("With", "Add", "Resolve")):
            return Package(f"{self.package}.{name}")
        return Structure(name, self.service, self.sdk.name, self.sdk.client)
