"""The clients of the AWS SDK for Ruby: methods, waiters, responses and credentials.

A method takes the API's parameters in snake case, as keywords or as a hash
(https://docs.aws.amazon.com/sdk-for-ruby/v3/developer-guide/). Facts without a source of their own are from
aws/aws-sdk-ruby@0077a45d63531e5b0ab761cdadc9ba18df726347 (gems/aws-sdk-core).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scopedown.calls.builtins.python_native import Function
from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import (
    RoleCredentials,
    Target,
    api_name,
    emit,
    endpoint_is_local,
    find_operation,
    parameters,
    with_own,
)
from scopedown.calls.sdks.given_keys import owners as owners_of
from scopedown.calls.sdks.results import is_elsewhere, named_region
from scopedown.calls.sdks.unknown_names import named_operations, unknown_operation
from scopedown.calls.values import (
    CallSite,
    Const,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.ruby.native import NOTHING, Library, block_of, first_of, options_of

SDK = "aws-sdk-ruby"
CONFIG = "<aws config>"
"""Under which the program keeps what ``Aws.config`` was given."""


@dataclass(frozen=True, slots=True)
class Operations:
    """The methods of a client."""

    target: Target

    def named(self, name: str, run: Machine) -> Value | None:
        """A method that calls an operation, or waits for one; None where it is none."""
        if name == "wait_until":
            return Function(name, self._wait)
        operation = find_operation(run, self.target.service, name)
        return None if operation is None else Method(self.target, operation)

    def _wait(self, site: CallSite, run: Machine) -> Value:
        """``wait_until(:table_exists, table_name: …)``."""
        service, does = self.target.service, "waits for a state whose name is computed"

        def find(name: str) -> Operation | None:
            return run.catalog.waiter_operation(service, name)

        for operation in named_operations(run, service, first_of(site), find, does, site, self.target.elsewhere):
            given = CallSite(site.positional[1:2], site.keywords, site.place, site.complete)
            call_operation(run, self.target, operation, given)
        return NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class Client(Native):
    """``Aws::S3::Client.new``."""

    target: Target

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method of the client."""
        service = self.target.service
        if (found := Operations(self.target).named(name, run)) is not None:
            return found
        if name in _PLAIN or name.startswith("instance_"):
            return Library(f"{service}.{name}")
        return Function(f"{service}.{name}", unknown_operation(service, name))

    def service_of_client(self) -> str | None:
        """The service that it speaks to."""
        return self.target.service

    def describe(self) -> str:
        """As a message names it."""
        return f"{self.target.service} client"


_PLAIN = frozenset(
    [
        "config",
        "operation_names",
        "operation",
        "waiter_names",
        "stub_responses",
        "stub_data",
        "api_requests",
        "build_request",
        "handlers",
        "is_a?",
        "respond_to?",
        "class",
        "nil?",
        "inspect",
        "close",
    ]
)
"""Members of every client that call nothing (gems/aws-sdk-core/lib/seahorse/client/base.rb)."""


@dataclass(frozen=True, slots=True, eq=False)
class Method(Native):
    """``client.put_item``."""

    target: Target
    operation: Operation

    callable_when_escaped = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The API call."""
        return call_operation(run, self.target, self.operation, site)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method that is a value: ``client.method(:put_item).call``."""
        return self if name in ("call", "to_proc") else UnknownValue(name, place)

    def service_of_client(self) -> str | None:
        """The service that it speaks to."""
        return self.target.service

    def describe(self) -> str:
        """``s3.put_object``."""
        return f"{self.target.service}.{self.operation.method}"


def call_operation(run: Machine, target: Target, operation: Operation, site: CallSite) -> Value:
    """Record a call of an operation with the arguments of a site; gives the response."""
    response = Response(emit(run, target, operation, request(operation, site), site.place))
    block = block_of(site)
    if block is not None:  # the parts of a body or the events of a stream
        run.call(block, (UnknownValue("a part of a response", site.place, inert=True),), site.place)
    return response


def request(operation: Operation, site: CallSite) -> Value:
    """The parameters of a request, by the API's names."""
    found: list[Value] = []
    for option in options(first_of(site) if site.positional else options_of(site)):
        if isinstance(option, Object):
            made = parameters(operation, option.fields)
            made.rest = option.rest if site.complete else option.rest or UnknownValue("further arguments")
            found.append(made)
        else:
            found.append(option)
    return join(*found)


@dataclass(frozen=True, slots=True, eq=False)
class Response(Native):
    """What a call gives: its members are methods, its pages come one after another."""

    data: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A member of the response, or a way through its pages."""
        if name in ("each", "each_page"):
            return Function(name, self._each, self)
        if name in ("data", "to_h", "to_hash", "next_page", "on_success", "successful?", "last_page?"):
            return Function(name, lambda site, run: self, self)
        return Function(name, lambda site, run: self.member(self, name, run, site.place) or NOTHING, self)

    def _each(self, site: CallSite, run: Machine) -> Value:
        block = block_of(site)
        if block is not None:
            run.call(block, (self,), site.place)
            return self
        return Sequence([], self)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``response[:item]``."""
        if isinstance(key, Const) and isinstance(key.value, str):
            return self.member(self, key.value, run, place) or NOTHING
        return part_of(self.data, place)

    def iterate(self, run: Machine, place: Place) -> Value:
        """A page."""
        return self

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """One member of the data."""
        found: list[Value] = []
        for option in options(self.data):
            held = option.fields.get(api_name(name)) if isinstance(option, Object) else None
            found.append(held if held is not None else part_of(option, place))
        return join(*(Response(one) if isinstance(one, Object) else one for one in found))


def part_of(data: Value, place: Place) -> Value:
    """A part of a response of which nothing is known."""
    if isinstance(data, Object):
        data = data.rest or UnknownValue("a part of a response", place, inert=True)
    return data.part(place) if isinstance(data, UnknownValue) else data


# whose credentials


@dataclass(frozen=True, slots=True, eq=False)
class GivenCredentials(Native):
    """``Aws::Credentials.new(key, secret)``."""

    key: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A part of them."""
        return Function(name, lambda site, run: self.key if name == "access_key_id" else UnknownValue("a key"))


def target_of(service: str, given: Object, run: Machine, place: Place) -> Target:
    """Whom a client speaks to, by what its constructor and ``Aws.config`` were given."""
    shared = run.heap.globals.variables.get(CONFIG)
    own = shared.fields.get(service) if isinstance(shared, Object) else None
    fields: dict[str, Value] = dict(shared.fields) if isinstance(shared, Object) else {}
    fields |= own.fields if isinstance(own, Object) else {}
    fields |= given.fields
    endpoint = fields.get("endpoint")
    if endpoint is not None and all(isinstance(one, Const) and one.value is None for one in options(endpoint)):
        endpoint = None
    local = endpoint_is_local(endpoint)
    return Target(
        service,
        SDK,
        None,
        None if local else credentials_of(fields),
        None if local else endpoint,
        named_region(fields.get("region")),
        is_elsewhere(endpoint),
    )


def credentials_of(fields: Mapping[str, Value]) -> Value | None:
    """The role, or the owner of the keys, where they are not the function's own."""
    credentials = fields.get("credentials")
    owners: list[Value] = []
    if credentials is not None:
        for option in options(credentials):
            if isinstance(option, RoleCredentials):
                owners += options(option.role)
            elif isinstance(option, GivenCredentials):
                owners += owners_of(option.key)
            else:
                owners.append(NOTHING)
        return with_own(owners)
    key = fields.get("access_key_id")
    if key is None:
        return None
    return with_own(owners_of(key))
