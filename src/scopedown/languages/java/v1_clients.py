"""Clients of version 1 of the SDK for Java, and the requests that are made for them.

Clients are made by a builder or by ``new``; each method is an operation, which takes a request or single values.
``…Async`` is the same operation. Requests are objects that are written to by ``withX`` and ``setX``.

Source: https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.interpreter.dispatch import on_service
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import NOTHING, Target, endpoint_is_local, find_operation, squeezed
from scopedown.calls.sdks.results import is_elsewhere, named_region
from scopedown.calls.sdks.unknown_names import note_operation
from scopedown.calls.values import CallSite, Const, Object, TextValue, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.languages.java.client_tools import HasTarget
from scopedown.languages.java.credentials import owner_of
from scopedown.languages.java.emission import TargetBuilder, emitted
from scopedown.languages.java.holders import Future
from scopedown.languages.java.natives import Function, bound, computed, function, given, is_null, quiet
from scopedown.languages.java.shapes import Shape, ShapeClass, request

SDK: Final = "java-v1"

_OF_S3: Final[Mapping[str, str]] = {
    "bucketName": "Bucket", "destinationBucketName": "Bucket", "destinationKey": "Key", "cannedAcl": "ACL",
    "accessControlList": "AccessControlPolicy", "sourceBucketName": "$SourceBucket", "sourceKey": "$SourceKey",
    "cannedACL": "ACL",
}  # fmt: skip
"""Members of S3's requests that are named otherwise than the API's parameters (com.amazonaws.services.s3.model)."""
_QUIET: Final = frozenset({"shutdown", "close", "setRegion", "setEndpoint", "setSignerRegionOverride", "setTimeOffset"})
_NO_CALL: Final = frozenset(
    {
        "getUrl", "getResourceUrl", "getRegionName", "getRegion", "getServiceName", "getEndpointPrefix",
        "getCachedResponseMetadata", "getClientConfiguration", "toString", "hashCode", "equals", "getClass",
        "listNextBatchOfObjects",
        "listNextBatchOfVersions", "getS3AccountOwner", "setS3ClientOptions", "getExecutorService",
    }
)  # fmt: skip
"""Methods of clients that send nothing, or what an operation before them has sent already."""


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


@dataclass(frozen=True, slots=True, eq=False)
class ClientClass(Native):
    """``AmazonDynamoDB``, ``AmazonDynamoDBClient``, ``AmazonDynamoDBAsync``."""

    service: str
    is_async: bool

    names_a_client = True

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``AmazonS3Client.builder()``."""
        return Function(name, self._builder) if name in ("builder", "asyncBuilder") else computed(name)

    def _builder(self, site: CallSite, run: Machine) -> Value:
        return Builder(self.service, self.is_async, run.position.conditional)

    def call(self, site: CallSite, run: Machine) -> Value:
        """A client; the constructor takes credentials, if anything."""
        owners = [found for one in site.positional if (found := owner_of(one)) is not None]
        return Client(Target(self.service, SDK, None, join(*owners) if owners else None), self.is_async)

    def describe(self) -> str:
        """For messages."""
        return f"the client's class of {self.service}"


@dataclass(frozen=True, slots=True, eq=False)
class BuilderClass(Native):
    """``AmazonDynamoDBClientBuilder``."""

    service: str
    is_async: bool

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``standard()``, ``defaultClient()``."""
        if name == "defaultClient":
            return Function(name, lambda site, run: Client(Target(self.service, SDK), self.is_async))
        if name == "standard":
            return Function(name, lambda site, run: Builder(self.service, self.is_async, run.position.conditional))
        return computed(name)

    def describe(self) -> str:
        """For messages."""
        return f"the builder's class of {self.service}"


class Builder(TargetBuilder):
    """A builder of a client: ``withRegion``, ``withCredentials``, ``withEndpointConfiguration``."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``build()``, or a member."""
        if name == "build":
            return bound(self, name, lambda site, run: Client(self.target(SDK), self.is_async))
        return TargetBuilder.attribute(self, name, run, place)

    def target(self, sdk: str) -> Target:
        """Whom the client speaks to."""
        endpoint: Value | None = None
        region = self.fields.get("region")
        for option in options(self.fields.get("endpointConfiguration") or NOTHING):
            if isinstance(option, Shape):
                endpoint = option.fields.get("serviceEndpoint")
                region = option.fields.get("signingRegion", region)
        local = endpoint_is_local(endpoint)
        return Target(
            self.service, sdk, None, None if local else owner_of(self.fields.get("credentials")),
            None if local else endpoint, named_region(region), is_elsewhere(endpoint),
        )  # fmt: skip


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
        if name in _QUIET:
            return quiet(name)
        if name in ("withRegion", "withEndpoint", "withTimeOffset"):
            return bound(self, name, self._with)
        if name == "waiters":
            return bound(self, name, lambda site, run: Waiters(self.target))
        if self.target.service == "s3" and name == "generatePresignedUrl":
            return bound(self, name, self._presigned)
        later = name.endswith("Async") and name != "Async"
        written = name.removesuffix("Async")
        row = _rows().get((self.target.service, written))
        operation = find_operation(run, self.target.service, row[0] if row else written)
        if operation is not None:
            return bound(self, name, self._caller(written, later))
        return computed(name) if name in _NO_CALL else None

    def _with(self, site: CallSite, run: Machine) -> Value:
        region = named_region(given(site, 0))
        return replace(self, target=replace(self.target, region=region)) if region is not None else self

    def _caller(self, method: str, later: bool) -> Callable[[CallSite, Machine], Value]:
        def body(site: CallSite, run: Machine) -> Value:
            for handler in site.positional[1:]:
                if isinstance(handler, Function):
                    run.call(handler, (), site.place)
            found = called(run, self.target, method, site)
            return Future(found) if later else found

        return body

    def _unknown(self, name: str) -> Callable[[CallSite, Machine], Value]:
        def body(site: CallSite, run: Machine) -> Value:
            note_operation(run, self.target.service, name, site)
            return UnknownValue(f"result of {self.target.service}.{name}", site.place)

        return body

    def _presigned(self, site: CallSite, run: Machine) -> Value:
        """``generatePresignedUrl(bucket, key, expiration, method)``, or with a request: GET unless it says otherwise
        (com.amazonaws.services.s3.model.GeneratePresignedUrlRequest)."""
        first = given(site, 0)
        params: Value = Object(_named(("Bucket", "Key"), site.positional[:2]))
        method: Value = given(site, 3)
        if len(site.positional) == 1:
            params = request(first, run, site.place) or NOTHING
            held = [option.fields.get("method", NOTHING) for option in options(first) if isinstance(option, Shape)]
            method = join(*held) if held else UnknownValue("a method", site.place)
        for option in options(method):
            asked = {"PUT": "PutObject", "DELETE": "DeleteObject", "HEAD": "HeadObject"}
            known = option.value if isinstance(option, Const) else None
            if not isinstance(option, Const) and not self.target.elsewhere:
                on_service(run, "s3", "signs a request whose method is computed", site.place)
            name = asked.get(str(known), "GetObject")
            operation = find_operation(run, "s3", name)
            if operation is not None:
                emitted(run, self.target, operation, renamed("s3", params), site.place)
        return UnknownValue("a presigned URL", site.place, inert=True)

    def service_of_client(self) -> str | None:
        """The service."""
        return self.target.service

    def describe(self) -> str:
        """For messages."""
        return f"a client of {self.target.service}"


def called(run: Machine, target: Target, method: str, site: CallSite) -> Value:
    """A method of a client that is an operation."""
    row = _rows().get((target.service, method))
    operation = find_operation(run, target.service, row[0] if row else method)
    if operation is None:
        return UnknownValue(f"result of {method}()", site.place)
    params: Value | None
    values = tuple(one for one in site.positional if not isinstance(one, Function))
    names = _fitting(row[1], len(values)) if row is not None and values else None
    if names and (len(values) > 1 or _is_text(values[0])) and not isinstance(values[0], Shape):
        params = Object(_named(names, values))
    elif values:
        params = request(values[0], run, site.place)
    else:
        params = None if site.complete else UnknownValue("a request", site.place)
    return emitted(run, target, operation, renamed(target.service, params), site.place)


def _is_text(value: Value) -> bool:
    return any(isinstance(option, Const | TextValue) and not is_null(option) for option in options(value))


def renamed(service: str, params: Value | None) -> Value | None:
    """A request of S3 with the API's names; the source of a copy is one value there."""
    if service != "s3" or params is None:
        return params
    made: list[Value] = []
    for option in options(params):
        if not isinstance(option, Object):
            made.append(option)
            continue
        fields = {_OF_S3.get(name, name): value for name, value in option.fields.items()}
        bucket, key = fields.pop("$SourceBucket", None), fields.pop("$SourceKey", None)
        if bucket is not None:
            fields["CopySource"] = Object({"Bucket": bucket, "Key": key or UnknownValue("a key")})
        made.append(Object(fields, option.rest))
    return join(*made)


@dataclass(frozen=True, slots=True, eq=False)
class RequestClass(ShapeClass):
    """A class of version 1's structures. A request's constructor takes values as its operation's method does."""

    service: str = ""

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new PutItemRequest("table", item)``, ``new AttributeValue("x")``."""
        kind = self.name.rpartition(".")[2]
        made = Shape(kind, {}, run.position.conditional)
        lists = _constructors(self.service, kind)
        names = _fitting(lists, len(site.positional)) if lists and site.positional else None
        if names:
            made.fields.update(_named(names, site.positional))
        elif kind == "AttributeValue" and len(site.positional) == 1:
            made.fields["s"] = site.positional[0]
        elif site.positional:
            made.rest = UnknownValue(f"an argument of {kind}()", site.place)
        return made


@cache
def _constructors(service: str, kind: str) -> tuple[tuple[str, ...], ...]:
    operation = kind.removesuffix("Request")
    if service == "s3" and kind == "GeneratePresignedUrlRequest":
        return (("Bucket", "Key"), ("Bucket", "Key", "method"))
    known = {squeezed(named): lists for (of, named), lists in _by_operation().items() if of == service}
    by_method = {squeezed(method): row[1] for (of, method), row in _rows().items() if of == service}
    return known.get(squeezed(operation)) or by_method.get(squeezed(operation)) or ()


@dataclass(frozen=True, slots=True, eq=False)
class Waiters(Native):
    """``client.waiters()``: each asks an operation until it gives what is waited for."""

    target: Target

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``tableExists()``, of which ``run(new WaiterParameters<>(request))`` waits."""
        operation = run.catalog.waiter_operation(self.target.service, name[:1].upper() + name[1:])
        if operation is None:
            return computed(name)

        def wait(site: CallSite, run: Machine) -> Value:
            for option in options(given(site, 0)):
                held = option.fields.get("request") if isinstance(option, Shape) else None
                params = request(held, run, site.place) or UnknownValue("a request", site.place)
                emitted(run, self.target, operation, renamed(self.target.service, params), site.place)
            return NOTHING

        return Function(name, lambda site, run: _Waiter(function("run", wait)))

    def describe(self) -> str:
        """For messages."""
        return f"waiters of {self.target.service}"


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter(Native):
    run_: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``run``, ``runAsync``."""
        return self.run_ if name in ("run", "runAsync") else computed(name)

    def describe(self) -> str:
        """For messages."""
        return "a waiter"


class WaiterParameters(ShapeClass):
    """``new WaiterParameters<>(request)``."""

    __slots__ = ()

    def construct(self, site: CallSite, run: Machine) -> Value:
        """It holds the request."""
        made = Shape("WaiterParameters", {}, run.position.conditional)
        if site.positional:
            made.fields["request"] = site.positional[0]
        return made


class EndpointConfiguration(ShapeClass):
    """``new AwsClientBuilder.EndpointConfiguration(endpoint, region)``."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """The class stands inside of ``AwsClientBuilder``."""
        return self

    def construct(self, site: CallSite, run: Machine) -> Value:
        """An address and the region that requests are signed for."""
        values = _named(("serviceEndpoint", "signingRegion"), site.positional)
        return Shape("EndpointConfiguration", values)
