"""Rusoto, the SDK of AWS for Rust before AWS's own.

Each service has a crate that is named as botocore's folder, with a client whose methods take a structure:
``client.put_item(PutItemInput { table_name, item, ..Default::default() })``. Source: https://docs.rs/rusoto_core.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import NOTHING, RoleCredentials, Target, api_name, emit, find_operation, squeezed
from scopedown.calls.sdks.results import named_region
from scopedown.calls.sdks.unknown_names import unknown_operation
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.rust.natives import Function, Item, RustNative, first, gives_first, last, settled
from scopedown.languages.rust.requests import Result, plain
from scopedown.languages.rust.sdk import services

LANGUAGE = "rust"
PACKAGES = ("dynomite", "rusoto_core", "rusoto_credential", "rusoto_signature")
PREFIXES = ("rusoto_",)
SDK: Final = "rusoto"


@cache
def _crates() -> dict[str, str]:
    return {service.replace("-", "_"): service for service in services().values()}


def module(name: str) -> Value | None:
    """What a path into one of the crates means; None for a crate of no service."""
    parts = name.split(".")
    if parts[0] == "dynomite":  # it has the client's crate inside, and macros (https://docs.rs/dynomite)
        parts = ["rusoto_dynamodb", *parts[2:]] if "dynamodb" in parts[1:-1] else ["rusoto_core", *parts]
    crate, last_part = parts[0].removeprefix("rusoto_"), parts[-1]
    if crate in ("core", "credential", "signature"):
        return _region() if last_part == "Region" else Item("::".join(parts))
    service = _crates().get(crate)
    if service is None:
        return None
    if last_part.endswith("Client"):
        return ClientType(service)
    if last_part[:1].isupper():
        return InputType(service, last_part)
    return Item("::".join(parts))


def _region() -> Item:
    """``Region::EuWest1`` is ``eu-west-1``; ``Region::default()`` the function's own."""
    own = Function("Region::default", lambda site, run: NOTHING)
    return Region("rusoto_core::Region", {"default": own, "from_str": gives_first("from_str")})


class Region(Item):
    """The regions by their names."""

    __slots__ = ()

    def missing(self, name: str, run: Machine, place: Place) -> Value:
        """``EuWest1``."""
        words = "".join(f"-{one.lower()}" if one.isupper() or one.isdigit() else one for one in name)
        return Const(words.lstrip("-")) if name[:1].isupper() and name != "Custom" else Item(f"Region::{name}")


@dataclass(frozen=True, slots=True, eq=False)
class ClientType(RustNative):
    """``DynamoDbClient``."""

    label = "the client of {self.service}"
    service: str

    names_a_client = True

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``new(region)``, ``new_with(dispatcher, credentials, region)``."""
        return Function(name, self.call) if name.startswith("new") else None

    def call(self, site: CallSite, run: Machine) -> Value:
        """A client for each region that may be meant."""
        region = settled(last(site), run, site.place)
        return join(
            *(Client(Target(self.service, SDK, None, None, None, named_region(one))) for one in options(region))
        )


@dataclass(frozen=True, slots=True, eq=False)
class Client(RustNative):
    """A client: its methods are the operations."""

    client_of = "{self.target.service}"
    label = "{self.target.service}"
    target: Target

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """An operation."""
        operation = find_operation(run, self.target.service, name.removesuffix("_pages"))
        if operation is None:
            return None
        if name.endswith("_pages"):  # a stream of dynomite's
            return Function(name, lambda site, run: Sequence([], self._sent(operation, site, run)), self)
        return Function(name, lambda site, run: self._sent(operation, site, run), self)

    def missing(self, name: str, run: Machine, place: Place) -> Value:
        """An operation that the data does not know."""
        return Function(f"{self.target.service}.{name}", unknown_operation(self.target.service, name))

    def _sent(self, operation: Operation, site: CallSite, run: Machine) -> Value:
        return sent(run, self.target, operation, settled(first(site), run, site.place), site.place)


def sent(run: Machine, target: Target, operation: Operation, given: Value, place: Place) -> Value:
    """The call with what a structure holds; what it gives."""
    found: list[Value] = []
    for option in options(given):
        params: Value = option
        if isinstance(option, Input):
            known = {squeezed(name): name for name in operation.members}
            params = Object(
                {known.get(squeezed(name)) or api_name(name): _plain(one) for name, one in option.held.fields.items()}
            )
        elif not isinstance(option, Const):
            params = UnknownValue("a request", place)
        found.append(emit(run, target, operation, params, place))
    made = join(*found)
    return made if isinstance(made, RoleCredentials) else Result(made)


def _plain(value: Value, depth: int = 6) -> Value:
    """Structures as objects, with the API's names."""
    value = plain(value)
    match value:
        case Input() if depth:
            return Object({api_name(name): _plain(one, depth - 1) for name, one in value.held.fields.items()})
        case Object() if depth:
            inner = {name: _plain(one, depth - 1) for name, one in value.fields.items()}
            return Object(inner, value.rest, symbolic=value.symbolic)
        case Sequence() if depth:
            rest = None if value.rest is None else _plain(value.rest, depth - 1)
            return Sequence([_plain(one, depth - 1) for one in value.items], rest)
        case _:
            return value


@dataclass(frozen=True, slots=True, eq=False)
class InputType(RustNative):
    """A structure's type, or the trait of a client (``Box<dyn DynamoDb>``)."""

    label = "{self.name}"
    service: str
    name: str

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``default()``."""
        return Function(name, self.call) if name == "default" else None

    def call(self, site: CallSite, run: Machine) -> Value:
        """A structure, which a literal fills."""
        return Input(self.service, self.name, Object(born=run.position.conditional))


@dataclass(frozen=True, slots=True, eq=False)
class Input(RustNative):
    """A structure."""

    label = "{self.name}"
    service: str
    name: str
    held: Object

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A member; a signed URL of a request."""
        if name == "get_presigned_url":
            return Function(name, self._presigned, self)
        return self.held.fields.get(name)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """A member is set."""
        self.held.fields[name] = settled(value, run, place)

    def _presigned(self, site: CallSite, run: Machine) -> Value:
        operation = find_operation(run, self.service, self.name.removesuffix("Request"))
        if operation is not None:
            sent(run, Target(self.service, SDK), operation, self, site.place)
        return UnknownValue("a signed URL", site.place, inert=True)
