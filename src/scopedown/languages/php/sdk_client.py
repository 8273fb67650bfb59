"""The clients of the AWS SDK for PHP: methods, commands, promises, paginators, waiters, results and credentials.

A method takes an array of the API's parameters; with ``Async`` at its end it gives a promise
(https://docs.aws.amazon.com/sdk-for-php/v3/developer-guide/). Facts without a source of their own are from that guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from scopedown.calls.builtins.python_native import Function
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import (
    NOTHING,
    RoleCredentials,
    Target,
    emit,
    endpoint_is_local,
    find_operation,
    parameters,
    with_own,
)
from scopedown.calls.sdks.given_keys import owners as owners_of
from scopedown.calls.sdks.results import is_elsewhere, named_region
from scopedown.calls.sdks.unknown_names import note_operation, unknown_operation
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.php.native import Library, argument, callable_of, first_of

SDK: Final = "aws-sdk-php"
_ASYNC: Final = "Async"
_WRITTEN_PLAIN: Final = """
    getRegion getApi getEndpoint getConfig getHandlerList getSignatureProvider getCredentials getEndpointProvider
    getClientBuiltIns getToken setConfig isUseEndpointV2 getDefaultConfig
"""
_PLAIN: Final = frozenset(_WRITTEN_PLAIN.split())
"""Members of every client that call nothing (Aws\\AwsClient)."""


@dataclass(frozen=True, slots=True, eq=False)
class Client(Native):
    """``new Aws\\S3\\S3Client([…])``."""

    target: Target

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method of the client."""
        found = self.method(name, run)
        if found is not None:
            return found
        service = self.target.service
        if name in _PLAIN or name.startswith("$"):
            return Library(f"{service}.{name}")
        return Function(f"{service}.{name}", unknown_operation(service, name.removesuffix(_ASYNC)))

    def method(self, name: str, run: Machine) -> Value | None:
        """A method that calls something, or makes what does; None where it is none."""
        body = {
            "getCommand": self._command, "execute": _executed, "executeAsync": _executed, "getPaginator": self._pages,
            "getIterator": self._pages, "waitUntil": self._wait, "getWaiter": self._wait,
            "createPresignedRequest": _presigned,
        }.get(name)  # fmt: skip
        if body is not None:
            return Function(name, body, self)
        operation = find_operation(run, self.target.service, name)
        if operation is None and name.endswith(_ASYNC):
            operation = find_operation(run, self.target.service, name.removesuffix(_ASYNC))
            if operation is not None:
                return Method(self.target, operation, promised=True)
        return None if operation is None else Method(self.target, operation)

    def _named(self, site: CallSite, run: Machine, waiter: bool = False) -> list[Operation]:
        """The operations that the first argument names."""
        found: list[Operation] = []
        service = self.target.service
        for option in options(first_of(site)):
            name = option.value if isinstance(option, Const) else None
            operation: Operation | None = None
            if isinstance(name, str):
                operation = (
                    run.catalog.waiter_operation(service, name) if waiter else find_operation(run, service, name)
                )
                if operation is None:
                    note_operation(run, service, name, site)
            else:
                run.escape(self, site.place)
            if operation is not None:
                found.append(operation)
        return found

    def _command(self, site: CallSite, run: Machine) -> Value:
        made = [Command(self.target, one, request(one, argument(site, 1), site)) for one in self._named(site, run)]
        return join(*made) if made else UnknownValue("a command", site.place)

    def _pages(self, site: CallSite, run: Machine) -> Value:
        made = [
            Pages(send(run, self.target, one, request(one, argument(site, 1), site), site.place))
            for one in self._named(site, run)
        ]
        return join(*made) if made else UnknownValue("pages", site.place, inert=True)

    def _wait(self, site: CallSite, run: Machine) -> Value:
        for one in self._named(site, run, waiter=True):
            send(run, self.target, one, request(one, argument(site, 1), site), site.place)
        return Promise(NOTHING)

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
    promised: bool = False

    callable_when_escaped = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The API call."""
        given = request(self.operation, argument(site, 0), site)
        made = send(run, self.target, self.operation, given, site.place)
        return Promise(made) if self.promised else made

    def service_of_client(self) -> str | None:
        """The service that it speaks to."""
        return self.target.service

    def describe(self) -> str:
        """``s3.PutObject``."""
        return f"{self.target.service}.{self.operation.name}"


@dataclass(frozen=True, slots=True, eq=False)
class Command(Native):
    """``$client->getCommand("PutObject", […])``: a call that is not sent yet."""

    target: Target
    operation: Operation
    params: Value

    def unsent(self) -> tuple[str, str] | None:
        """The call."""
        return self.target.service, self.operation.name

    def send(self, run: Machine, place: Place) -> Value:
        """The call is made, or a URL is signed with which others make it."""
        return send(run, self.target, self.operation, self.params, place)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """``$command["Key"] = …``."""
        for option in options(self.params):
            if isinstance(option, Object):
                option.fields[name.removeprefix("$")] = value

    def service_of_client(self) -> str | None:
        """The service that it speaks to."""
        return self.target.service


def send(run: Machine, target: Target, operation: Operation, params: Value, place: Place) -> Value:
    """Record a call; gives the result."""
    return Result(emit(run, target, operation, params, place))


def sent(run: Machine, value: Value, place: Place) -> Value:
    """Commands that are sent by somebody: one, or those of a list."""
    found: list[Value] = []
    for option in options(value):
        if isinstance(option, Command):
            found.append(option.send(run, place))
        elif isinstance(option, Sequence | Object):
            found += [sent(run, one, place) for one in option.held()]
    return join(*found) if found else UnknownValue("a result", place, inert=True)


def _executed(site: CallSite, run: Machine) -> Value:
    return Promise(sent(run, first_of(site), site.place))


def _presigned(site: CallSite, run: Machine) -> Value:
    """``createPresignedRequest($command, "+10 minutes")``: whoever has the URL acts with the signer's rights."""
    sent(run, first_of(site), site.place)
    return Library("a presigned request")


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


@dataclass(frozen=True, slots=True, eq=False)
class GivenCredentials(Native):
    """``new Aws\\Credentials\\Credentials($key, $secret)``."""

    key: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A part of them."""
        return Function(name, lambda site, run: self.key if name == "getAccessKeyId" else UnknownValue("a key"))


def merged(shared: Value | None, given: Value | None) -> Value:
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


def target_of(service: str, given: Value | None, run: Machine, place: Place) -> Target:
    """Whom a client speaks to, by the options of its constructor."""
    fields: Mapping[str, Value] = given.fields if isinstance(given, Object) else {}
    endpoint = fields.get("endpoint")
    if endpoint is not None and all(isinstance(one, Const) and not one.value for one in options(endpoint)):
        endpoint = None
    local = endpoint_is_local(endpoint)
    return Target(
        service,
        SDK,
        None,
        None if local else _credentials(fields.get("credentials"), run, place),
        None if local else endpoint,
        named_region(fields.get("region")),
        is_elsewhere(endpoint),
    )


def _credentials(given: Value | None, run: Machine, place: Place) -> Value | None:
    """The role, or the owner of the keys, where they are not the function's own."""
    if given is None:
        return None
    found: list[Value] = []
    for option in options(given):
        match option:
            case RoleCredentials():
                found += options(option.role)
            case GivenCredentials():
                found += owners_of(option.key)
            case Object():
                key = option.fields.get("key")
                found += [NOTHING] if key is None else owners_of(key)
            case _:
                callback = callable_of(run, option, place)
                made = NOTHING if callback is None else run.call(callback, (), place)
                inner = None if made is option else _credentials(made, run, place) if callback is not None else None
                found += [NOTHING] if inner is None else options(inner)
    return with_own(found)
