"""AsyncAws: clients of single services for PHP

A method takes an array of the API's parameters, or an object of the ``Input`` class of the operation, and gives a
result that is read later (https://async-aws.com/clients/, https://github.com/async-aws/aws).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scopedown.calls.builtins.python_native import Function
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import Target, emit, find_operation, squeezed
from scopedown.calls.sdks.unknown_names import unknown_operation
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.php.native import Library, argument, first_of
from scopedown.languages.php.sdk import Class, Unknown, services
from scopedown.languages.php.sdk_client import Result, request, target_of

LANGUAGE: Final = "php"
PACKAGES: Final = ("AsyncAws",)
SDK: Final = "async-aws"
_SIMPLE: Final = {
    "upload": ("PutObject",), "download": ("GetObject",), "has": ("HeadObject",), "getPresignedUrl": ("GetObject",),
    "getPresignedUploadUrl": ("PutObject",), "copy": ("HeadObject", "CopyObject"),
}  # fmt: skip
"""Methods of ``SimpleS3Client`` by what they call (https://async-aws.com/integration/simple-s3.html)."""
_PLAIN: Final = frozenset({"getRegion", "getConfiguration", "getUrl"})


def module(name: str) -> Value | None:
    """A class of AsyncAws by its whole name: ``AsyncAws\\DynamoDb\\DynamoDbClient``."""
    parts = name.split("\\")
    if len(parts) < 3:
        return None
    last = parts[-1]
    if last == "AwsClientFactory":
        return Class(name, lambda site, run: Factory(first_of(site)))
    if parts[1] == "SimpleS3" and last == "SimpleS3Client":
        return ClientClass("s3")
    if len(parts) == 3 and last.endswith("Client") and parts[1] != "Core":
        service = services().get(squeezed(parts[1]))
        return ClientClass(service) if service is not None else Unknown(name)
    if "Input" in parts or "ValueObject" in parts:
        return InputClass(last.removesuffix("Input").removesuffix("Request"))
    return Library(name)


class ClientClass(Native):
    """``AsyncAws\\DynamoDb\\DynamoDbClient``."""

    __slots__ = ("service",)

    names_a_client = True

    def __init__(self, service: str) -> None:
        self.service = service

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new DynamoDbClient(["region" => …])``."""
        return _client(self.service, argument(site, 0), run, site.place)

    call = construct

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Constants."""
        return Library(f"{self.service}::{name}")

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """The methods that a class of the analysed code inherits."""
        found = Client(Target(self.service, SDK))
        return found.attribute(name, run, place) if find_operation(run, self.service, name) is not None else None

    def describe(self) -> str:
        """For messages."""
        return f"the {self.service} client"


def _client(service: str, given: Value | None, run: Machine, place: Place) -> Value:
    """A client; keys stand beside the other settings (https://async-aws.com/configuration.html)."""
    if isinstance(given, Object) and (key := given.fields.get("accessKeyId")) is not None:
        secret = given.fields.get("accessKeySecret", Const(None))
        fields = {**given.fields, "credentials": Object({"key": key, "secret": secret})}
        given = Object(fields, given.rest)
    made = target_of(service, given, run, place)
    return Client(Target(service, SDK, made.bound, made.credentials, made.endpoint, made.region, made.elsewhere))


class Factory(Native):
    """``new AwsClientFactory([…])``: ``$factory->dynamoDb()``."""

    __slots__ = ("_given",)

    def __init__(self, given: Value) -> None:
        self._given = given

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method that is named like a service."""
        service = services().get(squeezed(name))
        if service is None:
            return Library(f"AwsClientFactory::{name}")
        return Function(name, lambda site, run: _client(service, self._given, run, site.place))


@dataclass(frozen=True, slots=True, eq=False)
class Client(Native):
    """A client of one service."""

    target: Target

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """An operation, a waiter, ``presign``."""
        service = self.target.service
        if name == "presign":
            return Function(name, self._presign)
        if service == "s3" and name in _SIMPLE:
            return Function(name, lambda site, run: self._simple(_SIMPLE[name], site, run))
        operation = find_operation(run, service, name)
        if operation is None:
            operation = run.catalog.waiter_operation(service, name[:1].upper() + name[1:])
        if operation is not None:
            return Method(self.target, operation)
        if name in _PLAIN or name.startswith("$"):
            return Library(f"{service}.{name}")
        return Function(f"{service}.{name}", unknown_operation(service, name))

    def _presign(self, site: CallSite, run: Machine) -> Value:
        for option in options(first_of(site)):
            operation = find_operation(run, self.target.service, option.name) if isinstance(option, Input) else None
            if operation is None or not isinstance(option, Input):
                return unknown_operation(self.target.service, "presign")(site, run)
            emit(run, self.target, operation, request(operation, option.data, site), site.place)
        return Library("a presigned request")

    def _simple(self, names: tuple[str, ...], site: CallSite, run: Machine) -> Value:
        unknown = UnknownValue("an argument", site.place)
        given = Object({"Bucket": argument(site, 0) or unknown, "Key": argument(site, 1) or unknown})
        for name in names:
            operation = run.catalog.operation("s3", name)
            if operation is not None:
                emit(run, self.target, operation, given, site.place)
        return Library("a file in S3")

    def service_of_client(self) -> str | None:
        """The service that it speaks to."""
        return self.target.service

    def describe(self) -> str:
        """As a message names it."""
        return f"{self.target.service} client"


@dataclass(frozen=True, slots=True, eq=False)
class Method(Native):
    """``$client->putItem``."""

    target: Target
    operation: Operation

    callable_when_escaped = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The API call: an array, or an object that holds one."""
        given = argument(site, 0)
        made = UnknownValue("a result", site.place, inert=True)
        for option in options(given) if given is not None else (None,):
            data = option.data if isinstance(option, Input) else option
            made = emit(run, self.target, self.operation, request(self.operation, data, site), site.place)  # type: ignore[assignment]
        return AsyncResult(made)

    def service_of_client(self) -> str | None:
        """The service that it speaks to."""
        return self.target.service

    def describe(self) -> str:
        """``s3.PutObject``."""
        return f"{self.target.service}.{self.operation.name}"


class AsyncResult(Result):
    """What a call gives: ``getItem()`` is the member ``Item``."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A member, or the result itself."""
        if name.startswith("get") and len(name) > 3:
            return Function(name, lambda site, run: self.index(Const(name[3:]), run, site.place), self)
        if name in ("resolve", "isSuccess", "cancel", "info"):
            return Library(f"result::{name}")
        return Result.attribute(self, name, run, place)


class InputClass(Native):
    """``AsyncAws\\DynamoDb\\Input\\PutItemInput``, ``…\\ValueObject\\AttributeValue``."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def construct(self, site: CallSite, run: Machine) -> Value:
        """``new PutItemInput([…])``."""
        given = argument(site, 0)
        for option in options(given) if given is not None else ():
            if isinstance(option, Input):
                return option
            if isinstance(option, Object):
                return Input(self.name, option)
        return Input(self.name, Object({}, given if given is not None and not isinstance(given, Const) else None))

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``PutItemInput::create([…])``."""
        return Function(name, self.construct) if name == "create" else Library(f"{self.name}::{name}")


@dataclass(frozen=True, slots=True, eq=False)
class Input(Native):
    """The parameters of an operation."""

    name: str
    data: Object

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``setItem($item)``, ``getItem()``."""
        member = name[3:]
        if name.startswith("set") and member:

            def write(site: CallSite, run: Machine) -> Value:
                self.data.fields[member] = first_of(site)
                return self

            return Function(name, write, self)
        held = self.data.fields.get(member) if name.startswith("get") else None
        given = held if held is not None else self.data.rest or UnknownValue("a member", place, inert=True)
        return Function(name, lambda site, run: given, self)
