"""AWS SDK for Kotlin.

``DynamoDbClient { region = "…" }`` and ``DynamoDbClient.fromEnvironment()`` make clients, whose methods are operations
that take a request or a block that fills one; ``…Paginated`` is the same operation, ``waitUntil…`` asks another one,
``presign…`` signs one. Sources: https://docs.aws.amazon.com/sdk-for-kotlin/latest/developer-guide/,
awslabs/aws-sdk-kotlin@05ea93b92.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from scopedown.calls.machine import Function, Machine
from scopedown.calls.sdks.shapes.objects import CLIENT, ServiceClass, ServiceObject
from scopedown.calls.sdks.shapes.rows import Row
from scopedown.calls.values import CallSite, Const, Sequence, UnknownValue, Value, join
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.java.clients import Builder, JavaSdk, UnknownService
from scopedown.languages.java.natives import NOTHING, JavaClass, Library, first_of, identity
from scopedown.languages.java.shapes import Shape, plain, response
from scopedown.languages.kotlin.credentials import SDK, CredentialsClass
from scopedown.languages.kotlin.scoping import with_this

LANGUAGE = "kotlin"
PACKAGES = ("aws.sdk.kotlin", "aws.smithy.kotlin")

_SERVICES: Final = "aws.sdk.kotlin.services."


def module(name: str) -> Value | None:
    """A class or function of the SDK by its full name."""
    if not name.startswith(_SERVICES):
        own = name.rpartition(".")[2]
        if own == "Url":
            return JavaClass(name, {"parse": identity("Url.parse")})
        return CredentialsClass(name) if own.endswith("CredentialsProvider") or own == "Credentials" else Library(name)
    package, *inside = name.removeprefix(_SERVICES).split(".")
    service = KOTLIN.services.get(package)
    if not inside:
        return Library(name)
    last = inside[-1]
    if inside[0][:1].isupper() and inside[0].endswith("Client"):
        found: Value = UnknownService(package) if service is None else ClientClass(KOTLIN, service)
        return found if len(inside) == 1 else Library(name)
    if last[:1].isupper():
        first = next(at for at, part in enumerate(inside) if part[:1].isupper())
        made: Value = ShapeClass(".".join((package, *inside[: first + 1])))
        for part in inside[first + 1 :]:
            made = ShapeClass(f"{inside[first]}.{part}") if part[:1].isupper() else Library(name)
        return made
    return Library(name)  # an import of a method that extends clients: it is found on the client


class ClientClass(ServiceClass):
    """``DynamoDbClient``."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``fromEnvironment { … }``, ``builder()``, ``create()``, ``invoke { … }``."""
        return Function(name, self.call)


class KotlinSdk(JavaSdk):
    """A request is a structure, or a block that fills one."""

    clients = frozenset({CLIENT})

    def made(self, cls: ServiceClass, site: CallSite, run: Machine) -> Value:
        """A client, as the block configures it."""
        made = Builder(cls, run.position.conditional)
        for one in site.positional[-1:]:
            with_this(run, one, made, (), site.place)
        if (endpoint := made.fields.get("endpointUrl")) is not None:
            made.fields["endpoint"] = endpoint
        return self.client(made.target())

    def request(
        self, owner: ServiceObject, operation: Operation, site: CallSite, at: int, run: Machine
    ) -> Value | None:
        """The structure, or what the first block fills; further blocks take the response."""
        params = [plain(value) for value in site.positional if isinstance(value, Shape)]
        blocks = _blocks(site)
        if not params and blocks:
            made = Shape(operation.name, {}, run.position.conditional)
            if isinstance(blocks[0], UnknownValue):
                made.rest = blocks[0]
            else:
                with_this(run, blocks[0], made, (), site.place)
            params = [plain(made)]
        return self.parameters(operation, params[-1] if params else NOTHING)

    def gives(self, owner: ServiceObject, row: Row, found: Value, site: CallSite, run: Machine) -> Value:
        """A response, or what blocks make of it."""
        given = response(found)
        blocks = _blocks(site)
        for handler in blocks if any(isinstance(value, Shape) for value in site.positional) else blocks[1:]:
            given = join(given, run.call(handler, (given,), site.place))
        return Sequence([], given) if row.gives == "pages" else given


KOTLIN: Final = KotlinSdk(SDK, Path(__file__).parent, "package")


def _blocks(site: CallSite) -> list[Value]:
    return [value for value in site.positional if not isinstance(value, Shape | Const)]


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
