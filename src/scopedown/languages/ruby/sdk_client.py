"""The clients of the AWS SDK for Ruby: methods, waiters, responses and credentials.

A method takes the API's parameters in snake case, as keywords or as a hash
(https://docs.aws.amazon.com/sdk-for-ruby/v3/developer-guide/). Facts without a source of their own are from
aws/aws-sdk-ruby@0077a45d63531e5b0ab761cdadc9ba18df726347 (gems/aws-sdk-core).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.sdks.emitting import Target, api_name, parameters
from scopedown.calls.sdks.shapes import credentials, objects
from scopedown.calls.sdks.shapes.objects import Body, Sdk, ServiceClass, ServiceObject
from scopedown.calls.sdks.shapes.rows import Row
from scopedown.calls.values import CallSite, Const, Object, Sequence, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.ruby.native import NOTHING, Library, block_of, options_of

CONFIG: Final = "<aws config>"
"""Under which the program keeps what ``Aws.config`` was given."""


class RubySdk(Sdk):
    """``Aws``."""

    clients = frozenset({objects.CLIENT, "transfer", "presigner"})

    def made(self, cls: ServiceClass, site: CallSite, run: Machine) -> Value:
        """``Aws::S3::Client.new(region: …)``."""
        return self.client(target_of(cls.service, options_of(site), run))

    def static(self, cls: ServiceClass, name: str) -> Value:
        """Members of the class itself call nothing."""
        return Library(f"{cls.service}::Client.{name}")

    def inherited(self, cls: ServiceClass, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """What calls something."""
        return self.client(Target(cls.service, self.name)).known(name, run, quiet=False)

    def quiet(self, name: str) -> Value:
        """A part of a client that calls nothing."""
        return Library(name)

    def request(
        self, owner: ServiceObject, operation: Operation, site: CallSite, at: int, run: Machine
    ) -> Value | None:
        """Keywords, or the hash that stands for them."""
        return request(operation, site, at)

    def gives(self, owner: ServiceObject, row: Row, found: Value, site: CallSite, run: Machine) -> Value:
        """A response; a block gets the parts of a body or the events of a stream."""
        response = Response(found)
        block = block_of(site)
        if block is not None:
            run.call(block, (UnknownValue("a part of a response", site.place, inert=True),), site.place)
        if row.gives == "url":
            return UnknownValue("a presigned URL", site.place, inert=True)
        return NOTHING if row.gives == "nothing" else Const(True) if row.gives == "done" else response

    def method(self, name: str, body: Body, owner: Native | None = None, calls: bool = False) -> Native:
        """``client.put_item``."""
        return Method(name, body, owner) if calls else Function(name, body, owner)


AWS_SDK: Final = RubySdk("aws-sdk-ruby", Path(__file__).parent, "module")


class Method(objects.Method):
    """``client.put_item``."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A method that is a value: ``client.method(:put_item).call``."""
        return self if name in ("call", "to_proc") else UnknownValue(name, place)


def request(operation: Operation, site: CallSite, at: int = 0) -> Value:
    """The parameters of a request, by the API's names."""
    given = site.positional[at : at + 1] or (options_of(replace(site, positional=())),)
    found: list[Value] = []
    for option in options(given[0]):
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


def target_of(service: str, given: Object, run: Machine) -> Target:
    """Whom a client speaks to, by what its constructor and ``Aws.config`` were given."""
    shared = run.heap.globals.variables.get(CONFIG)
    own = shared.fields.get(service) if isinstance(shared, Object) else None
    fields: dict[str, Value] = dict(shared.fields) if isinstance(shared, Object) else {}
    fields |= own.fields if isinstance(own, Object) else {}
    fields |= given.fields
    endpoint = fields.get("endpoint")
    if endpoint is not None and all(isinstance(one, Const) and one.value is None for one in options(endpoint)):
        endpoint = None
    owner = credentials_of(fields)
    return credentials.target(service, AWS_SDK.name, owner, endpoint, fields.get("region"))


def client_of(given: Object, service: str, run: Machine) -> Target:
    """Whom a client speaks to that an object of the SDK was given, or that it makes itself."""
    client = given.fields.get("client")
    found = [one.target for one in options(client) if isinstance(one, ServiceObject)] if client is not None else []
    return found[0] if found else target_of(service, given, run)


def credentials_of(fields: Mapping[str, Value]) -> Value | None:
    """The role, or the owner of the keys, where they are not the function's own."""
    held = fields.get("credentials")
    if held is None and (key := fields.get("access_key_id")) is not None:
        held = credentials.Keys(key)
    return credentials.owner_of(held)
