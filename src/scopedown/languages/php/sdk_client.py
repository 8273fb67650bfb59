"""The clients of the AWS SDK for PHP: arguments, results, promises, pages and credentials.

A method takes an array of the API's parameters; with ``Async`` at its end it gives a promise
(https://docs.aws.amazon.com/sdk-for-php/v3/developer-guide/). Facts without a source of their own are from that guide.
What the methods call is in ``sdk.tsv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.sdks.emitting import NOTHING, Target, endpoint_is_local, parameters
from scopedown.calls.sdks.shapes.credentials import owner_of, owners, target
from scopedown.calls.sdks.shapes.objects import CLIENT, Body, Method, Sdk, ServiceClass, ServiceObject
from scopedown.calls.sdks.shapes.rows import Row
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.php.native import Library, argument, callable_of, first_of

SDK: Final = "aws-sdk-php"


class Php(Sdk):
    """An SDK for PHP."""

    clients = frozenset({CLIENT, "command"})

    def made(self, cls: ServiceClass, site: CallSite, run: Machine) -> Value:
        """``new S3Client([…])``."""
        return self.client(target_of(cls.service, argument(site, 0), run, site.place))

    def static(self, cls: ServiceClass, name: str) -> Value:
        """``S3Client::factory([…])``."""
        return Function(name, cls.construct) if name == "factory" else Library(f"{cls.service}::{name}")

    def inherited(self, cls: ServiceClass, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What calls something."""
        return self.client(Target(cls.service, self.name)).known(name, run, quiet=False)

    def quiet(self, name: str) -> Value:
        """A part of a client that calls nothing."""
        return Library(name)

    def argument(self, site: CallSite, at: int) -> Value | None:
        """Named arguments count in the order in which they are written."""
        return argument(site, at)

    def request(
        self, owner: ServiceObject, operation: Operation, site: CallSite, at: int, run: Machine
    ) -> Value | None:
        """An array of parameters."""
        return request(operation, argument(site, at), site)

    def gives(self, owner: ServiceObject, row: Row, found: Value, site: CallSite, run: Machine) -> Value:
        """A result; a promise or pages of it."""
        match row.gives:
            case "promise":
                return Promise(Result(found))
            case "pages":
                return Pages(Result(found))
            case "waited":
                return Promise(NOTHING)
            case "presigned":  # whoever has the URL acts with the signer's rights
                return Library("a presigned request")
            case _:
                return Result(found)

    def method(self, name: str, body: Body, owner: Native | None = None, calls: bool = False) -> Native:
        """``$client->putItem``."""
        return Method(name, body, owner) if calls else Function(name, body, owner)


def request(operation: Operation, given: Value | None, site: CallSite) -> Value:
    """The parameters of a request by the API's names."""
    found: list[Value] = []
    if given is None:
        return Object() if site.complete else UnknownValue("arguments", site.place)
    for option in options(given):
        if isinstance(option, Object):
            made = parameters(operation, {name: one for name, one in option.fields.items() if name[:1] != "@"})
            made.rest = option.rest
            found.append(made)
        elif isinstance(option, Const):
            found.append(Object())
        else:
            found.append(option)
    return join(*found)


@dataclass(frozen=True, slots=True, eq=False)
class Result(Native):
    """What a call gives: an array of the API's members."""

    data: Value

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``$result["Item"]``."""
        name = key.value if isinstance(key, Const) else None
        found: list[Value] = []
        for option in options(self.data):
            held = option.fields.get(str(name)) if isinstance(option, Object) else None
            found.append(_part(option, place) if held is None else Result(held) if isinstance(held, Object) else held)
        return join(*found)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``get``, ``toArray``, ``search``, and what a promise has, where it stands for one."""
        if name == "get":
            return Function(name, lambda site, run: self.index(first_of(site), run, site.place), self)
        if name in ("toArray", "wait"):
            return Function(name, lambda site, run: self, self)
        return Function(name, lambda site, run: _part(self.data, site.place), self)

    def iterate(self, run: Machine, place: Place) -> Value:
        """An element of it."""
        return _part(self.data, place)


def _part(value: Value, place: Place) -> Value:
    if isinstance(value, Object):
        value = value.rest or UnknownValue("a part of a result", place, inert=True)
    return value.part(place) if isinstance(value, UnknownValue) else value


@dataclass(frozen=True, slots=True, eq=False)
class Promise(Native):
    """What an asynchronous call gives (guzzlehttp/promises)."""

    value: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``wait`` gives the value; callbacks get it."""
        if name in ("wait", "promise", "unwrap"):
            return Function(name, lambda site, run: self.value if name == "wait" else self, self)
        if name in ("then", "otherwise", "finally"):
            return Function(name, self._then, self)
        if isinstance(self.value, Native):
            return self.value.attribute(name, run, place)
        return UnknownValue(f"promise.{name}", place, inert=True)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``execute`` gives the result itself."""
        return self.value.index(key, run, place) if isinstance(self.value, Native) else _part(self.value, place)

    def _then(self, site: CallSite, run: Machine) -> Value:
        found: list[Value] = []
        for value in site.all():
            callback = callable_of(run, value, site.place)
            if callback is not None:
                found.append(run.call(callback, (self.value,), site.place))
        return Promise(join(*found) if found else self.value)


@dataclass(frozen=True, slots=True, eq=False)
class Pages(Native):
    """``getPaginator``: results, one after another."""

    page: Value

    def iterate(self, run: Machine, place: Place) -> Value:
        """A page, or an item of one."""
        return self.page

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``search`` gives what was read, ``each`` calls back."""

        def body(site: CallSite, run: Machine) -> Value:
            for value in site.all():
                callback = callable_of(run, value, site.place)
                if callback is not None:
                    run.call(callback, (self.page,), site.place)
            if name == "current":
                return self.page
            return Sequence([], UnknownValue("a part of a result", site.place, inert=True))

        return Function(name, body, self)


# whose credentials


def merged(shared: Value | None, given: Value | None) -> Object:
    """The options of a client: those of the SDK's object, and its own."""
    made = Object()
    for one in (shared, given):
        for option in options(one) if one is not None else ():
            if isinstance(option, Object):
                made.fields.update(option.fields)
                made.rest = option.rest or made.rest
            elif isinstance(option, UnknownValue):
                made.rest = option
    return made


def target_of(service: str, given: Value | None, run: Machine, place: Place, sdk: str = SDK) -> Target:
    """Whom a client speaks to, by the options of its constructor."""
    fields: Mapping[str, Value] = given.fields if isinstance(given, Object) else {}
    endpoint = fields.get("endpoint")
    if endpoint is not None and all(isinstance(one, Const) and not one.value for one in options(endpoint)):
        endpoint = None
    owner = None if endpoint_is_local(endpoint) else _owner(fields.get("credentials"), run, place)
    return target(service, sdk, owner, endpoint, fields.get("region"))


def _owner(given: Value | None, run: Machine, place: Place) -> Value | None:
    def other(option: Value) -> Value | None:
        """An array with the key, or a function that provides credentials."""
        if isinstance(option, Object):
            key = option.fields.get("key")
            return None if key is None else join(*owners(key))
        callback = callable_of(run, option, place)
        made = option if callback is None else run.call(callback, (), place)
        return None if made is option else _owner(made, run, place)

    return owner_of(given, other)
