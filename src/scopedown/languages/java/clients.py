"""Clients of the SDKs for Java, and what is made of them or beside them: what makes them, their requests and results.

What their methods call is in ``sdk.tsv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.sdks.emitting import NOTHING, Target, parameters, squeezed
from scopedown.calls.sdks.shapes import credentials
from scopedown.calls.sdks.shapes.objects import CLIENT, Sdk, ServiceClass, ServiceObject
from scopedown.calls.sdks.shapes.rows import Row
from scopedown.calls.sdks.unknown_names import note_operation, note_service
from scopedown.calls.values import CallSite, Object, Sequence, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.java.credentials import owner_of
from scopedown.languages.java.holders import Future
from scopedown.languages.java.natives import Library, bound, computed, given
from scopedown.languages.java.shapes import Shape, filled, request, response

_CREATING: Final = frozenset({"create", "crtCreate", "defaultClient", "defaultTransferManager"})
_BUILDING: Final = frozenset({"builder", "crtBuilder", "asyncBuilder", "standard"})


class JavaSdk(Sdk):
    """A version of the SDK."""

    clients = frozenset(
        {CLIENT, "async", "presigner", "transfers", "enhanced", "async-enhanced", "document", "table", "async-table"}
    )
    nested: frozenset[str] = frozenset({"presigner", "transfers"})
    """The kinds of objects whose methods take what has the request inside."""

    def made(self, cls: ServiceClass, site: CallSite, run: Machine) -> Value:
        """An object on the client that a constructor is given, or on one with credentials that it is given."""
        target = spoken_to(site.positional)
        if target is None:
            owners = [found for one in site.positional if (found := owner_of(one)) is not None]
            target = Target(cls.service, self.name, None, join(*owners) if owners else None)
        made = ServiceObject(self, target, cls.kind)
        if not cls.kind.endswith("table"):
            return made
        named = site.positional[1:2] or (UnknownValue("the name of an injected table", site.place),)
        return made.binding("TableName", named[0])

    def static(self, cls: ServiceClass, name: str) -> Value:
        """``create()``, ``builder()``."""
        if name in _CREATING:
            return Function(name, lambda site, run: cls.construct(CallSite((), {}, site.place), run))
        if name in _BUILDING:
            return Function(name, lambda site, run: Builder(cls, run.position.conditional))
        return computed(name)

    def quiet(self, name: str) -> Value:
        """A method that gives data."""
        return computed(name.rpartition(".")[2])

    def request(
        self, owner: ServiceObject, operation: Operation, site: CallSite, at: int, run: Machine
    ) -> Value | None:
        """A request, or a function that fills one."""
        first = self.argument(site, at)
        if first is None and not site.complete:
            first = UnknownValue("a request", site.place)
        if owner.kind in self.nested and first is not None:
            first = _inside(first, operation, run, site.place)
        return self.parameters(operation, request(first, run, site.place))

    def parameters(self, operation: Operation, params: Value | None) -> Value | None:
        """A request by the API's names."""
        if params is None:
            return None
        return join(
            *(
                Object(parameters(operation, option.fields).fields, option.rest)
                if isinstance(option, Object)
                else option
                for option in options(params)
            )
        )

    def gives(self, owner: ServiceObject, row: Row, found: Value, site: CallSite, run: Machine) -> Value:
        """A response, which an asynchronous client gives later. Functions that handle the response run."""
        later = owner.kind.startswith("async")
        match row.gives:
            case "url":
                return UnknownValue("a presigned request", site.place, inert=True)
            case "token":
                return UnknownValue("a database's token", site.place, inert=True)
            case "transfer":
                return Library(f"{self.name} transfer")
            case "items":
                for one in site.positional:
                    for option in options(one):
                        if isinstance(option, Function):
                            run.call(option, (UnknownValue("a request", site.place, inert=True),), site.place)
                items = UnknownValue("items of a table", site.place, inert=True)
                return Future(items) if later else items
            case "nothing":
                return NOTHING
        given_back = response(found)
        for handler in site.positional[1:] if owner.kind in (CLIENT, "async") else ():
            filled(handler, run, site.place)
        if row.gives == "pages":
            return Pages(given_back)
        return Future(given_back) if later or row.gives == "future" else given_back

    def argument_named(self, site: CallSite, at: int, name: str, run: Machine) -> Value | None:
        """A member of the request, whose names lack what tells a database's from others."""
        member = name.removeprefix("DB").lower()
        held = options(filled(given(site, 0), run, site.place))
        found = [
            one for option in held if isinstance(option, Shape) for key, one in option.fields.items()
            if squeezed(key) == member
        ]  # fmt: skip
        return join(*found) if found else UnknownValue(f"a {member}", site.place)

    def missing(self, owner: ServiceObject, name: str, run: Machine, place: Place) -> Value:
        """A method of a client that is no operation."""

        def body(site: CallSite, run: Machine) -> Value:
            note_operation(run, owner.target.service, name, site)
            return UnknownValue(f"result of {owner.target.service}.{name}", site.place)

        return bound(owner, name, body)


JAVA_V2: Final = JavaSdk("java-v2", Path(__file__).parent, "v2")


def spoken_to(values: tuple[Value, ...]) -> Target | None:
    """Whom the first client among some values speaks to."""
    found = [option.target for one in values for option in options(one) if isinstance(option, ServiceObject)]
    return found[0] if found else None


def _inside(value: Value, operation: Operation, run: Machine, place: Place) -> Value:
    """The request in what a presigner, a transfer or a waiter is given."""
    names = ("request", f"{squeezed(operation.name)}request")
    found: list[Value] = []
    for option in options(filled(value, run, place)):
        fields = option.fields if isinstance(option, Shape) else {}
        held = [one for name, one in fields.items() if squeezed(name) in names]
        found.append(held[0] if held else UnknownValue("a request", place))
    return join(*found)


class Builder(Shape):
    """A builder of a client, or of what has one inside."""

    __slots__ = ("made",)

    def __init__(self, made: ServiceClass, born: int) -> None:
        super().__init__("client's builder", {}, born)
        self.made = made

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``region(…)``, ``withCredentials(…)``, ``endpointOverride(…)``, ``client(…)``, ``build()``."""
        if name == "build":
            return bound(self, name, lambda site, run: ServiceObject(self.made.sdk, self.target(), self.made.kind))
        return Shape.attribute(self, name, run, place)

    def target(self) -> Target:
        """Whom the client speaks to."""
        if (inside := spoken_to(tuple(self.fields.values()))) is not None:
            return inside
        endpoint = self.fields.get("endpointOverride") or self.fields.get("endpoint")
        region = self.fields.get("region")
        for option in options(self.fields.get("endpointConfiguration") or NOTHING):
            if isinstance(option, Shape):
                endpoint = option.fields.get("serviceEndpoint")
                region = option.fields.get("signingRegion", region)
        owner = owner_of(self.fields.get("credentialsProvider") or self.fields.get("credentials"))
        return credentials.target(self.made.service, self.made.sdk.name, owner, endpoint, region)


class Pages(Native):
    """What a paginator gives: responses, one after another."""

    __slots__ = ("page",)

    label = "pages of results"

    def __init__(self, page: Value) -> None:
        self.page = page

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``stream()``, ``items()``, ``subscribe(…)``: each handles one page or one element of it."""
        if name in ("stream", "iterator", "parallelStream"):
            return bound(self, name, lambda site, run: Sequence([], self.page))
        if name in ("forEach", "subscribe", "map", "flatMapIterable", "filter", "limit"):
            return bound(self, name, self._each)
        read = run.attribute(self.page, name, place)
        return bound(self, name, lambda site, run: Sequence([], run.call(read, site.positional, site.place)))

    def _each(self, site: CallSite, run: Machine) -> Value:
        for one in site.positional[:1]:
            run.call(one, (self.page,), site.place)
        return Future(NOTHING)

    def iterate(self, run: Machine, place: Place) -> Value:
        """A page."""
        return self.page


@dataclass(frozen=True, slots=True, eq=False)
class UnknownService(Native):
    """The client's class of a service that the data does not know."""

    label = "a client of {self.name}"
    names_a_client = True
    name: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Making a client is noted."""
        note_service(run, self.name, place)
        return UnknownValue(f"a client of {self.name}", place)

    def call(self, site: CallSite, run: Machine) -> Value:
        """A client."""
        return self.attribute("create", run, site.place)
