"""AWS SDK for Kotlin.

``DynamoDbClient { region = "…" }`` and ``DynamoDbClient.fromEnvironment()`` make clients, whose methods are operations
that take a request or a block that fills one; ``…Paginated`` is the same operation, ``waitUntil…`` asks another one,
``presign…`` signs one. Sources: https://docs.aws.amazon.com/sdk-for-kotlin/latest/developer-guide/,
awslabs/aws-sdk-kotlin@05ea93b92.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target, find_operation
from scopedown.calls.sdks.unknown_names import note_operation, note_service
from scopedown.calls.values import CallSite, Const, Sequence, UnknownValue, Value, join
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.languages.java.emission import TargetBuilder, emitted
from scopedown.languages.java.natives import (
    NOTHING,
    Function,
    JavaClass,
    Library,
    bound,
    first_of,
    identity,
    is_null,
    quiet,
)
from scopedown.languages.java.shapes import Shape, plain
from scopedown.languages.kotlin.credentials import SDK, CredentialsClass
from scopedown.languages.kotlin.scoping import with_this

LANGUAGE = "kotlin"
PACKAGES = ("aws.sdk.kotlin", "aws.smithy.kotlin")

_SERVICES: Final = "aws.sdk.kotlin.services."


@cache
def services() -> Mapping[str, str]:
    """botocore's names of the services by their packages."""
    rows = read_rows(Path(__file__).with_name("services.tsv"), ("service", "package"))
    return {row["package"]: row["service"] for row in rows}


def module(name: str) -> Value | None:
    """A class or function of the SDK by its full name."""
    if not name.startswith(_SERVICES):
        own = name.rpartition(".")[2]
        if own == "Url":
            return JavaClass(name, {"parse": identity("Url.parse")})
        return CredentialsClass(name) if own.endswith("CredentialsProvider") or own == "Credentials" else Library(name)
    package, *inside = name.removeprefix(_SERVICES).split(".")
    service = services().get(package)
    if not inside:
        return Library(name)
    last = inside[-1]
    if inside[0][:1].isupper() and inside[0].endswith("Client"):
        found: Value = ClientClass(service, package)
        return found if len(inside) == 1 else Library(name)
    if last[:1].isupper():
        first = next(at for at, part in enumerate(inside) if part[:1].isupper())
        made: Value = ShapeClass(".".join((package, *inside[: first + 1])))
        for part in inside[first + 1 :]:
            made = ShapeClass(f"{inside[first]}.{part}") if part[:1].isupper() else Library(name)
        return made
    return Library(name)  # an import of a method that extends clients: it is found on the client


@dataclass(frozen=True, slots=True, eq=False)
class ClientClass(Native):
    """``DynamoDbClient``."""

    service: str | None
    package: str

    names_a_client = True

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``fromEnvironment { … }``, ``builder()``, ``create()``, ``invoke { … }``."""
        return Function(name, self.call)

    def call(self, site: CallSite, run: Machine) -> Value:
        """A client, as the block configures it."""
        if self.service is None:
            note_service(run, self.package, site.place)
            return UnknownValue(f"a client of {self.package}", site.place)
        made = TargetBuilder(self.service, False, run.position.conditional)
        for one in site.positional[-1:]:
            with_this(run, one, made, (), site.place)
        if (endpoint := made.fields.get("endpointUrl")) is not None:
            made.fields["endpoint"] = endpoint
        return Client(made.target(SDK))

    def describe(self) -> str:
        """For messages."""
        return f"the client's class of {self.package}"


@dataclass(frozen=True, slots=True, eq=False)
class Client(Native):
    """A client: its methods are the operations of its service."""

    target: Target

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """An operation, a paginator, a waiter, or what closes the client."""
        if name in ("close", "config"):
            return quiet(name)
        if name in ("withConfig", "copy"):
            return bound(self, name, lambda site, run: self)
        operation, pages = self._operation(name, run)
        if operation is None:
            return self._unknown(name)
        return bound(self, name, lambda site, run: self._sent(operation, pages, site, run))

    def _operation(self, name: str, run: Machine) -> tuple[Operation | None, bool]:
        service = self.target.service
        if (found := find_operation(run, service, name)) is not None:
            return found, False
        if name.endswith("Paginated"):
            return find_operation(run, service, name.removesuffix("Paginated")), True
        if name.startswith("presign"):
            return find_operation(run, service, name.removeprefix("presign")), False
        if name.startswith("waitUntil"):
            return run.catalog.waiter_operation(service, name.removeprefix("waitUntil")), False
        return None, False

    def _sent(self, operation: Operation, pages: bool, site: CallSite, run: Machine) -> Value:
        params: Value = NOTHING
        handlers: list[Value] = []
        for value in site.positional:
            if isinstance(value, Shape):
                params = plain(value)
            elif not isinstance(value, Const):
                handlers.append(value)
        if is_null(params) and handlers:  # the first block fills the request, a further one takes the response
            made = Shape(operation.name, {}, run.position.conditional)
            if isinstance(handlers[0], UnknownValue):
                made.rest = handlers[0]
            else:
                with_this(run, handlers[0], made, (), site.place)
            params, handlers = plain(made), handlers[1:]
        found = emitted(run, self.target, operation, params, site.place)
        for handler in handlers:
            found = join(found, run.call(handler, (found,), site.place))
        return Sequence([], found) if pages else found

    def _unknown(self, name: str) -> Function:
        def body(site: CallSite, run: Machine) -> Value:
            note_operation(run, self.target.service, name, site)
            return UnknownValue(f"result of {self.target.service}.{name}", site.place)

        return Function(name, body)

    def service_of_client(self) -> str | None:
        """The service."""
        return self.target.service

    def describe(self) -> str:
        """For messages."""
        return f"a client of {self.target.service}"


class ShapeClass(JavaClass):
    """The class of a structure: a block fills it; ``AttributeValue.S(x)`` is a choice with one member."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``invoke { … }``, a choice, a constant, a class inside."""
        kind = self.name.rpartition(".")[2]
        if name in ("invoke", "builder"):
            return Function(name, self.construct)
        if name == "fromValue":
            return Function(name, lambda site, run: first_of(site))
        return ShapeClass(f"{kind}.{name}") if name[:1].isupper() else Library(f"{kind}.{name}")

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A structure."""
        kind, _, choice = self.name.rpartition(".")
        made = Shape(self.name.rpartition(".")[2], {}, run.position.conditional)
        for one in site.positional[-1:]:
            if kind and kind[:1].isupper():  # AttributeValue.S(x)
                made.fields[choice[:1].lower() + choice[1:]] = one
            else:
                with_this(run, one, made, (), site.place)
        return made
