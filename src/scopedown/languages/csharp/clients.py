"""Clients of the AWS SDK for .NET; what their methods call is in ``sdk.tsv``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Function, Machine
from scopedown.calls.machine.functions import first_of
from scopedown.calls.sdks.emitting import Target, emit, find_operation
from scopedown.calls.sdks.shapes.objects import CLIENT, Sdk, ServiceClass, ServiceObject, signed_operations
from scopedown.calls.sdks.shapes.rows import Row
from scopedown.calls.sdks.unknown_names import unknown_operation
from scopedown.calls.values import CallSite, Object, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.languages.csharp import extensions
from scopedown.languages.csharp.credentials import SDK, target_of
from scopedown.languages.csharp.natives import Passing, arguments, awaited, unknown
from scopedown.languages.csharp.requests import of_members, parameters

_ACLS = {"GetACL": ("GetBucketAcl", "GetObjectAcl"), "PutACL": ("PutBucketAcl", "PutObjectAcl")}
"""One method for two operations, of a bucket and, where its request has a key, of an object
(https://docs.aws.amazon.com/sdkfornet/v3/apidocs/items/S3/TPutACLRequest.html)."""


@cache
def _renamed() -> Mapping[tuple[str, str], str]:
    rows = read_rows(Path(__file__).with_name("operations.tsv"), ("service", "method", "operation"))
    return {(row["service"], row["method"]): row["operation"] for row in rows}


@dataclass(frozen=True, slots=True, eq=False)
class ClientType(ServiceClass):
    """The class of a service's clients, or its interface."""

    label = "{self.name}"
    name: str = ""


class NetSdk(Sdk):
    """The SDK."""

    clients = frozenset({CLIENT, "table", "transfer"})

    def made(self, cls: ServiceClass, site: CallSite, run: Machine) -> Value:
        """``new AmazonS3Client(…)``; ``new TransferUtility(client)``, or with what a client would be given."""
        inner = [] if cls.kind == CLIENT else targets_among(site)
        return ServiceObject(self, inner[0] if inner else target_of(cls.service, site, run), cls.kind)

    def static(self, cls: ServiceClass, name: str) -> Value:
        """A static member."""
        return Passing(f"{cls.describe()}.{name}")

    def quiet(self, name: str) -> Value:
        """A member that works on what there is."""
        return Passing(name)

    def find(self, service: str, name: str, run: Machine) -> Operation | None:
        """``GetItemAsync`` is GetItem."""
        plain = name.removesuffix("Async")
        renamed = _renamed().get((service, plain))
        return run.catalog.operation(service, renamed) if renamed is not None else find_operation(run, service, plain)

    def request(
        self, owner: ServiceObject, operation: Operation, site: CallSite, at: int, run: Machine
    ) -> Value | None:
        """A request, or values that stand for its members."""
        if site.outside:
            return UnknownValue("parameters", site.place)
        return parameters(owner.target.service, operation, site)

    def taken(
        self, owner: ServiceObject, operation: Operation, takes: tuple[str, ...], site: CallSite, run: Machine
    ) -> Value:
        """Single values, or a request; one of a folder knows how its keys begin."""
        first = site.positional[0] if site.positional else site.keywords.get("request")
        if first is not None and any(isinstance(option, Object) for option in options(first)):
            is_folder = any(one.endswith("*") for one in takes)
            held = [_in_folder(one, site.place) if is_folder else one for one in options(first)]
            service = owner.target.service
            return join(*(of_members(service, operation, one) if isinstance(one, Object) else one for one in held))
        if isinstance(first, UnknownValue) and len(site.positional) == 1:
            return first
        return Sdk.taken(self, owner, operation, takes, site, run)

    def gives(self, owner: ServiceObject, row: Row, found: Value, site: CallSite, run: Machine) -> Value:
        """The response; pages, a search or a document is data."""
        match row.gives:
            case "data":
                return unknown(f"a {owner.kind}", site)
            case "pages" if owner.operation is not None:
                return Passing(f"pages of {owner.operation.name}")
            case "search" if owner.operation is not None:
                return Passing(f"a {owner.operation.name} of Table")
            case "document":
                return UnknownValue("a document", site.place, inert=True)
            case _:
                return found

    def special(self, owner: ServiceObject, name: str, run: Machine) -> Value | None:
        """Addresses that are signed, and methods for two operations, of clients of S3."""
        plain = name.removesuffix("Async")
        if (owner.target.service, owner.kind) != ("s3", CLIENT):
            return None
        if plain in ("GetPreSignedURL", "GeneratePreSignedURL"):
            return Function(name, lambda site, run: _signed(owner, site, run))
        if (names := _ACLS.get(plain)) is not None:
            return Function(name, lambda site, run: _acl(owner, names, site, run))
        return None

    def missing(self, owner: ServiceObject, name: str, run: Machine, place: Place) -> Value:
        """What every value has; a method of a client that ends in ``Async`` is one that the data does not know, or
        sends requests under another name."""
        found = awaited(owner, name, place) or extensions.method(run, owner, name, place)
        if found is not None:
            return found
        if owner.kind == CLIENT and name.endswith("Async"):
            return Function(name, unknown_operation(owner.target.service, name))
        if owner.kind in (CLIENT, "paginators"):
            return UnknownValue(f"a {owner.kind} of {owner.target.service}.{name}", place)
        return Passing(f"{owner.kind}.{name}")


NET: Final = NetSdk(SDK, Path(__file__).parent, "name")


def targets_among(site: CallSite) -> list[Target]:
    """Whom the clients among the arguments speak to."""
    return [
        option.target for value in arguments(site) for option in options(value) if isinstance(option, ServiceObject)
    ]


def client_among(site: CallSite, service: str) -> Target:
    """Whom the client among the arguments speaks to, or one that an object makes for itself."""
    return (*targets_among(site), Target(service, SDK))[0]


def _in_folder(request: Value, place: Place) -> Value:
    """A request for all objects whose keys begin alike, as one for any of them."""
    if not isinstance(request, Object):
        return request
    prefix = request.fields.get("KeyPrefix") or request.fields.get("S3Directory")
    key: Value = UnknownValue("a key", place)
    bucket = {name: value for name, value in request.fields.items() if name == "BucketName"}
    return Object({"Key": key if prefix is None else concatenate((prefix, key)), **bucket}, request.rest)


def _acl(owner: ServiceObject, names: tuple[str, str], site: CallSite, run: Machine) -> Value:
    """The operation of the bucket, of the object, or both where the request is not known."""
    of_bucket, of_object = (run.catalog.operation("s3", name) for name in names)
    if of_bucket is None or of_object is None:
        return UnknownValue("an access control list", site.place)
    for option in options(parameters("s3", of_object, site) or UnknownValue("a request", site.place)):
        fields = option.fields if isinstance(option, Object) else {}
        if "Key" in fields or not isinstance(option, Object) or option.rest is not None:
            emit(run, owner.target, of_object, option, site.place)
        if "Key" not in fields:
            emit(run, owner.target, of_bucket, option, site.place)
    return UnknownValue("an access control list", site.place, inert=True)


def _signed(owner: ServiceObject, site: CallSite, run: Machine) -> Value:
    """An address that is signed with the function's rights."""
    for option in options(first_of(site)):
        request = option if isinstance(option, Object) else None
        if request is None and len(site.positional) > 1:
            request = Object(dict(zip(("BucketName", "Key"), site.positional, strict=False)))
        verb = request.fields.get("Verb", request.rest) if request is not None else option
        for operation in signed_operations(owner, verb, site.place, run):
            given = option if request is None else of_members("s3", operation, request)
            emit(run, owner.target, operation, given, site.place)
    return UnknownValue("a signed address", site.place, inert=True)
