"""Clients of version 1 of the SDK for Java, and the requests that are made for them.

A method takes a request or single values, as the constructor of a request does (``v1_methods.tsv``). Requests are
objects that are written to by ``withX`` and ``setX``.

Source: https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.machine import Function, Machine
from scopedown.calls.sdks.emitting import NOTHING, in_parts, squeezed
from scopedown.calls.sdks.results import named_region
from scopedown.calls.sdks.shapes.objects import CLIENT, ServiceObject, signed_operations
from scopedown.calls.values import CallSite, Const, Object, TextValue, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.languages.java.clients import JavaSdk
from scopedown.languages.java.holders import Future
from scopedown.languages.java.natives import Library, bound, given, is_null
from scopedown.languages.java.shapes import Shape, ShapeClass, request, response
from scopedown.languages.java.tables import on

_OF_S3: Final[Mapping[str, str]] = {
    "bucketName": "Bucket", "destinationBucketName": "Bucket", "destinationKey": "Key", "cannedAcl": "ACL",
    "accessControlList": "AccessControlPolicy", "sourceBucketName": "$SourceBucket", "sourceKey": "$SourceKey",
    "cannedACL": "ACL",
}  # fmt: skip
"""Members of S3's requests that are named otherwise than the API's parameters (com.amazonaws.services.s3.model)."""


@cache
def _rows() -> Mapping[tuple[str, str], tuple[str, tuple[tuple[str, ...], ...]]]:
    """The operation and the lists of parameters, by service and method."""
    rows = read_rows(Path(__file__).with_name("v1_methods.tsv"), ("service", "method", "operation", "parameters"))
    return {
        (row["service"], row["method"]): (
            row["operation"],
            tuple(tuple(one.split()) for one in row["parameters"].split("|")),
        )
        for row in rows
    }


@cache
def _by_operation() -> Mapping[tuple[str, str], tuple[tuple[str, ...], ...]]:
    """The lists of parameters, by service and operation: those of a request's constructors."""
    found: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {}
    for (service, _), (operation, lists) in _rows().items():
        found[service, operation] = (*found.get((service, operation), ()), *lists)
    return found


def _fitting(lists: tuple[tuple[str, ...], ...], count: int) -> tuple[str, ...] | None:
    """The list with as many names as there are values, else the shortest of the longer ones' beginnings."""
    exact = next((one for one in lists if len(one) == count), None)
    return exact or next((one[:count] for one in sorted(lists, key=len) if len(one) > count), None)


def _named(names: tuple[str, ...], values: tuple[Value, ...]) -> dict[str, Value]:
    return {name: value for name, value in zip(names, values, strict=False) if name != "-"}


class JavaV1(JavaSdk):
    """Version 1."""

    nested = frozenset({"waiter"})

    def parameters(self, operation: Operation, params: Value | None) -> Value | None:
        """Members of S3's requests have other names; the source of a copy is one value in the API."""
        if operation.service == "s3" and params is not None:
            params = join(*(_renamed(one) if isinstance(one, Object) else one for one in options(params)))
        return JavaSdk.parameters(self, operation, params)

    def special(self, owner: ServiceObject, name: str, run: Machine) -> Value | None:
        """Methods that take single values, addresses that are signed, batches of the document interface."""
        if owner.kind == CLIENT and name in ("withRegion", "withEndpoint", "withTimeOffset"):
            return bound(owner, name, lambda site, run: _with_region(owner, site))
        if owner.kind == CLIENT and owner.target.service == "s3" and name == "generatePresignedUrl":
            return bound(owner, name, lambda site, run: self._presigned(owner, site, run))
        if owner.kind == "document" and name in ("batchGetItem", "batchWriteItem"):
            return bound(owner, name, lambda site, run: self._batch(owner, name[:1].upper() + name[1:], site, run))
        if owner.kind == "document" and name == "createTable":
            return bound(owner, name, lambda site, run: self._create(owner, site, run))
        row = _rows().get((owner.target.service, name.removesuffix("Async"))) if owner.kind in _WITH_VALUES else None
        if row is None or (operation := owner.find(row[0], False, run)) is None:
            return JavaSdk.special(self, owner, name, run)
        later = name.endswith("Async")
        return bound(owner, name, lambda site, run: self._called(owner, operation, row[1], later, site, run))

    def _called(
        self, owner: ServiceObject, operation: Operation, lists: tuple[tuple[str, ...], ...], later: bool,
        site: CallSite, run: Machine,
    ) -> Value:  # fmt: skip
        for handler in site.positional[1:]:
            if isinstance(handler, Function):
                run.call(handler, (), site.place)
        values = tuple(one for one in site.positional if not isinstance(one, Function))
        params: Value | None = None if site.complete else UnknownValue("a request", site.place)
        names = _fitting(lists, len(values)) if values else None
        if names and (len(values) > 1 or _is_text(values[0])) and not isinstance(values[0], Shape):
            params = Object(_named(names, values))
        elif values:
            params = request(values[0], run, site.place)
        if owner.kind == "transfers":
            target = in_parts(owner.target) if operation.name == "PutObject" else owner.target
            self.emit(replace(owner, target=target), operation, self.parameters(operation, params), site.place, run)
            return Library(f"{self.name} transfer")
        found = response(self.emit(owner, operation, self.parameters(operation, params), site.place, run))
        return Future(found) if later else found

    def argument_named(self, site: CallSite, at: int, name: str, run: Machine) -> Value | None:
        """By its position."""
        return self.argument(site, at)

    def _presigned(self, owner: ServiceObject, site: CallSite, run: Machine) -> Value:
        """``generatePresignedUrl(bucket, key, expiration, method)``, or with a request: GET unless it says otherwise
        (com.amazonaws.services.s3.model.GeneratePresignedUrlRequest)."""
        first = given(site, 0)
        params: Value = Object(_named(("Bucket", "Key"), site.positional[:2]))
        method: Value = given(site, 3)
        if len(site.positional) == 1:
            params = request(first, run, site.place) or NOTHING
            held = [option.fields.get("method", NOTHING) for option in options(first) if isinstance(option, Shape)]
            method = join(*held) if held else UnknownValue("a method", site.place)
        for operation in signed_operations(owner, method, site.place, run):
            self.emit(owner, operation, self.parameters(operation, params), site.place, run)
        return UnknownValue("a presigned URL", site.place, inert=True)

    def _batch(self, owner: ServiceObject, operation: str, site: CallSite, run: Machine) -> Value:
        """A batch of the document interface, by the tables that its arguments name."""
        held = [option for one in site.positional for option in options(one) if isinstance(option, Shape)]
        names = [option.fields["tableName"] for option in held if "tableName" in option.fields]
        for name in names or [UnknownValue("tables of a batch", site.place)]:
            on(run, owner.target, name, (operation,), site.place)
        return UnknownValue("items of tables", site.place, inert=True)

    def _create(self, owner: ServiceObject, site: CallSite, run: Machine) -> Value:
        name: Value = given(site, 0)
        for option in options(name):
            if isinstance(option, Shape):
                name = option.fields.get("tableName") or UnknownValue("a table's name", site.place)
        on(run, owner.target, name, ("CreateTable",), site.place)
        return owner.binding("TableName", name, "table")


_WITH_VALUES: Final = frozenset({CLIENT, "transfers"})
JAVA_V1: Final = JavaV1("java-v1", Path(__file__).parent, "v1")


def _with_region(owner: ServiceObject, site: CallSite) -> Value:
    region = named_region(given(site, 0))
    return replace(owner, target=replace(owner.target, region=region)) if region is not None else owner


def _is_text(value: Value) -> bool:
    return any(isinstance(option, Const | TextValue) and not is_null(option) for option in options(value))


def _renamed(params: Object) -> Object:
    fields = {_OF_S3.get(name, name): value for name, value in params.fields.items()}
    bucket, key = fields.pop("$SourceBucket", None), fields.pop("$SourceKey", None)
    if bucket is not None:
        fields["CopySource"] = Object({"Bucket": bucket, "Key": key or UnknownValue("a key")})
    return Object(fields, params.rest)


@dataclass(frozen=True, slots=True, eq=False)
class RequestClass(ShapeClass):
    """A class of version 1's structures. A request's constructor takes values as its operation's method does."""

    service: str = ""

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new PutItemRequest("table", item)``, ``new AttributeValue("x")``, ``new WaiterParameters<>(request)``."""
        kind = self.name.rpartition(".")[2]
        made = Shape(kind, {}, run.position.conditional)
        lists = _OTHER.get(kind) or _constructors(self.service, kind)
        names = _fitting(lists, len(site.positional)) if lists and site.positional else None
        if names:
            made.fields.update(_named(names, site.positional))
        elif site.positional:
            made.rest = UnknownValue(f"an argument of {kind}()", site.place)
        return made


_OTHER: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "AttributeValue": (("s",),),
    "WaiterParameters": (("request",),),
    "EndpointConfiguration": (("serviceEndpoint", "signingRegion"),),
    "TableWriteItems": (("tableName",),),
    "TableKeysAndAttributes": (("tableName",),),
}
"""What constructors take of structures that are no request."""


@cache
def _constructors(service: str, kind: str) -> tuple[tuple[str, ...], ...]:
    operation = kind.removesuffix("Request")
    if service == "s3" and kind == "GeneratePresignedUrlRequest":
        return (("Bucket", "Key"), ("Bucket", "Key", "method"))
    known = {squeezed(named): lists for (of, named), lists in _by_operation().items() if of == service}
    by_method = {squeezed(method): row[1] for (of, method), row in _rows().items() if of == service}
    return known.get(squeezed(operation)) or by_method.get(squeezed(operation)) or ()


class EndpointConfiguration(RequestClass):
    """``new AwsClientBuilder.EndpointConfiguration(endpoint, region)``."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """The class stands inside of ``AwsClientBuilder``."""
        return self
