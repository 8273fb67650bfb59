"""AsyncAws: clients of single services for PHP

A method takes an array of the API's parameters, or an object of the ``Input`` class of the operation, and gives a
result that is read later (https://async-aws.com/clients/, https://github.com/async-aws/aws).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.sdks.emitting import emit, squeezed
from scopedown.calls.sdks.shapes.objects import Class, ServiceClass, ServiceObject
from scopedown.calls.sdks.shapes.rows import Row
from scopedown.calls.sdks.unknown_names import unknown_operation
from scopedown.calls.values import CallSite, Const, Object, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.php.native import Library, argument, first_of
from scopedown.languages.php.sdk import class_of_clients
from scopedown.languages.php.sdk_client import Php, Result, request, target_of

LANGUAGE: Final = "php"
PACKAGES: Final = ("AsyncAws",)


class AsyncAws(Php):
    """``AsyncAws``."""

    def made(self, cls: ServiceClass, site: CallSite, run: Machine) -> Value:
        """``new DynamoDbClient(["region" => …])``."""
        return self.with_settings(cls.service, argument(site, 0), run, site.place)

    def with_settings(self, service: str, given: Value | None, run: Machine, place: Place) -> Value:
        """A client; keys stand beside the other settings (https://async-aws.com/configuration.html)."""
        if isinstance(given, Object) and (key := given.fields.get("accessKeyId")) is not None:
            secret = given.fields.get("accessKeySecret", Const(None))
            fields = {**given.fields, "credentials": Object({"key": key, "secret": secret})}
            given = Object(fields, given.rest)
        return self.client(target_of(service, given, run, place, self.name))

    def static(self, cls: ServiceClass, name: str) -> Value:
        """Constants."""
        return Library(f"{cls.service}::{name}")

    def request(
        self, owner: ServiceObject, operation: Operation, site: CallSite, at: int, run: Machine
    ) -> Value | None:
        """An array, or an object that holds one."""
        given = argument(site, at)
        held = [option.data if isinstance(option, Input) else option for option in options(given)] if given else []
        return request(operation, join(*held) if held else None, site)

    def gives(self, owner: ServiceObject, row: Row, found: Value, site: CallSite, run: Machine) -> Value:
        """A result, which is read later."""
        return Library("a file in S3") if row.gives == "file" else AsyncResult(found)

    def special(self, owner: ServiceObject, name: str, run: Machine) -> Value | None:
        """``presign``."""
        if name == "presign":
            return self.method(name, lambda site, run: self._presign(owner, site, run))
        return None

    def _presign(self, owner: ServiceObject, site: CallSite, run: Machine) -> Value:
        for option in options(first_of(site)):
            operation = owner.find(option.name, False, run) if isinstance(option, Input) else None
            if operation is None or not isinstance(option, Input):
                return unknown_operation(owner.target.service, "presign")(site, run)
            emit(run, owner.target, operation, request(operation, option.data, site), site.place)
        return Library("a presigned request")


ASYNC_AWS: Final = AsyncAws("async-aws", Path(__file__).parent, "namespace")


def module(name: str) -> Value | None:
    """A class of AsyncAws by its whole name: ``AsyncAws\\DynamoDb\\DynamoDbClient``."""
    parts = name.split("\\")
    if len(parts) < 3:
        return None
    last = parts[-1]
    if last == "AwsClientFactory":
        return Class(ASYNC_AWS, name, lambda site, run: Factory(first_of(site)))
    if parts[1] == "SimpleS3" and last == "SimpleS3Client":
        return ServiceClass(ASYNC_AWS, "s3")
    if len(parts) == 3 and last.endswith("Client") and parts[1] != "Core":
        return class_of_clients(ASYNC_AWS, parts[1], name)
    if "Input" in parts or "ValueObject" in parts:
        return InputClass(last.removesuffix("Input").removesuffix("Request"))
    return Library(name)


class Factory(Native):
    """``new AwsClientFactory([…])``: ``$factory->dynamoDb()``."""

    __slots__ = ("_given",)

    def __init__(self, given: Value) -> None:
        self._given = given

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method that is named like a service."""
        service = ASYNC_AWS.services.get(squeezed(name))
        if service is None:
            return Library(f"AwsClientFactory::{name}")
        return ASYNC_AWS.method(name, lambda site, run: ASYNC_AWS.with_settings(service, self._given, run, site.place))


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
