"""Clients of the AWS SDK for .NET, and what calling them does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scopedown.calls.builtins.python_native import Function, first_of
from scopedown.calls.interpreter.dispatch import on_service
from scopedown.calls.machine import Machine
from scopedown.calls.sdks.emitting import Target, emit, find_operation
from scopedown.calls.sdks.unknown_names import unknown_operation
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.core.tables import read_rows
from scopedown.languages.csharp.credentials import target_of
from scopedown.languages.csharp.natives import Model, Passing, Plain, Type, unknown
from scopedown.languages.csharp.requests import of_members, parameters

_VERBS = {"PUT": "PutObject", "DELETE": "DeleteObject", "HEAD": "HeadObject"}
"""What a presigned address allows (https://docs.aws.amazon.com/sdkfornet/v3/apidocs/items/S3/TGetPreSignedUrlRequest.html);
a GET is the default."""

_ACLS = {"GetACL": ("GetBucketAcl", "GetObjectAcl"), "PutACL": ("PutBucketAcl", "PutObjectAcl")}
"""One method for two operations, of a bucket and, where its request has a key, of an object
(https://docs.aws.amazon.com/sdkfornet/v3/apidocs/items/S3/TPutACLRequest.html)."""


@cache
def _renamed() -> Mapping[tuple[str, str], str]:
    rows = read_rows(Path(__file__).with_name("operations.tsv"), ("service", "method", "operation"))
    return {(row["service"], row["method"]): row["operation"] for row in rows}


def operation_of(run: Machine, service: str, name: str) -> Operation | None:
    """The operation that a method calls; ``GetItemAsync`` is GetItem."""
    plain = name.removesuffix("Async")
    renamed = _renamed().get((service, plain))
    if renamed is not None:
        return run.catalog.operation(service, renamed)
    return find_operation(run, service, plain)


@dataclass(frozen=True, slots=True, eq=False)
class ClientType(Type):
    """The class of a service's clients, or its interface."""

    service: str = ""

    names_a_client = True

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A client."""
        return Client(target_of(self.service, site, run))

    def call(self, site: CallSite, run: Machine) -> Value:
        """As a type it means a client."""
        return self.construct(site, run)

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """What a class of the project that derives from it inherits is asked of a client."""
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Client(Model):
    """A client of a service."""

    target: Target

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """An operation, its paginators, a signed address."""
        service = self.target.service
        if name == "Paginators":
            return Paginators(self.target)
        if name == "Config":
            return Plain("the configuration of a client")
        if service == "s3" and name.removesuffix("Async") in ("GetPreSignedURL", "GeneratePreSignedURL"):
            return Function(name, self._signed)
        if service == "s3" and (names := _ACLS.get(name.removesuffix("Async"))) is not None:
            return Function(name, lambda site, run: self._acl(names, site, run))
        operation = operation_of(run, service, name)
        return None if operation is None else Call(self.target, operation)

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """A member that is no operation; a method that ends in ``Async`` is one that the data does not know, or sends
        requests under another name."""
        if name.endswith("Async"):
            return Function(name, unknown_operation(self.target.service, name))
        return UnknownValue(f"{self.describe()}.{name}", place)

    def _acl(self, names: tuple[str, str], site: CallSite, run: Machine) -> Value:
        """The operation of the bucket, of the object, or both where the request is not known."""
        of_bucket, of_object = (run.catalog.operation("s3", name) for name in names)
        if of_bucket is None or of_object is None:
            return UnknownValue("an access control list", site.place)
        for option in options(parameters("s3", of_object, site) or UnknownValue("a request", site.place)):
            fields = option.fields if isinstance(option, Object) else {}
            if "Key" in fields or not isinstance(option, Object) or option.rest is not None:
                emit(run, self.target, of_object, option, site.place)
            if "Key" not in fields:
                emit(run, self.target, of_bucket, option, site.place)
        return UnknownValue("an access control list", site.place, inert=True)

    def _signed(self, site: CallSite, run: Machine) -> Value:
        """An address that is signed with the function's rights."""
        for option in options(first_of(site)):
            request = option if isinstance(option, Object) else None
            if request is None and len(site.positional) > 1:
                request = Object(dict(zip(("BucketName", "Key"), site.positional, strict=False)))
            verb = request.fields.get("Verb", request.rest) if request is not None else option
            if not isinstance(verb, Const | None) and not self.target.elsewhere:
                on_service(run, "s3", "signs a request whose method is computed", site.place)
            named = verb.value if isinstance(verb, Const) else "GET"
            operation = run.catalog.operation("s3", _VERBS.get(str(named), "GetObject"))
            if operation is not None:
                given = option if request is None else of_members("s3", operation, request)
                emit(run, self.target, operation, given, site.place)
        return UnknownValue("a signed address", site.place, inert=True)

    def service_of_client(self) -> str | None:
        """Its service."""
        return self.target.service

    def describe(self) -> str:
        """For messages."""
        return f"a client of {self.target.service}"


@dataclass(frozen=True, slots=True, eq=False)
class Call(Model):
    """An operation of a client, as a method."""

    target: Target
    operation: Operation

    callable_when_escaped = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """Call it."""
        if site.outside:
            given: Value | None = UnknownValue("parameters", site.place)
        else:
            given = parameters(self.target.service, self.operation, site)
        return emit(run, self.target, self.operation, given, site.place)

    def describe(self) -> str:
        """For messages."""
        return f"{self.target.service}.{self.operation.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Paginators(Model):
    """``client.Paginators``: each gives the pages of an operation."""

    target: Target

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """A paginator."""
        operation = operation_of(run, self.target.service, name)
        if operation is None:
            return None
        made = Call(self.target, operation)

        def paginated(site: CallSite, run: Machine) -> Value:
            made.call(site, run)
            return Passing(f"pages of {name}")

        return Function(name, paginated)

    def describe(self) -> str:
        """For messages."""
        return f"paginators of {self.target.service}"


def nothing(site: CallSite, run: Machine) -> Value:
    """A method that gives data."""
    return unknown("a method of the SDK", site)
