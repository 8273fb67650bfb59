"""Calls of AWS's SDKs for the JVM: whom a builder's client speaks to, and what sending a request records."""

from __future__ import annotations

from scopedown.calls.machine import Machine, Native
from scopedown.calls.sdks.emitting import NOTHING, Target, emit, endpoint_is_local, parameters
from scopedown.calls.sdks.results import is_elsewhere, named_region
from scopedown.calls.values import CallSite, Object, Sequence, UnknownValue, Value, join, options
from scopedown.catalog.model import Operation
from scopedown.core.place import Place
from scopedown.languages.java.credentials import owner_of
from scopedown.languages.java.holders import Future
from scopedown.languages.java.natives import bound
from scopedown.languages.java.shapes import Shape, filled, request, response


class TargetBuilder(Shape):
    """A builder of a client, or of what has one inside."""

    __slots__ = ("is_async", "service")

    def __init__(self, service: str, is_async: bool, born: int) -> None:
        super().__init__("client's builder", {}, born)
        self.service = service
        self.is_async = is_async

    def target(self, sdk: str) -> Target:
        """Whom the client speaks to."""
        endpoint = self.fields.get("endpointOverride") or self.fields.get("endpoint")
        local = endpoint_is_local(endpoint)
        return Target(
            self.service, sdk, None, None if local else owner_of(self.fields.get("credentialsProvider")),
            None if local else endpoint, named_region(self.fields.get("region")), is_elsewhere(endpoint),
        )  # fmt: skip


def emitted(run: Machine, target: Target, operation: Operation, params: Value | None, place: Place) -> Value:
    """Record a call with the members that a request has; gives the response."""
    found = []
    for option in options(params) if params is not None else (NOTHING,):
        named: Value = option
        if isinstance(option, Object):
            made = parameters(operation, option.fields)
            named = Object(made.fields, option.rest)
        found.append(emit(run, target, operation, named, place))
    return response(join(*found))


def send(
    run: Machine, target: Target, operation: Operation, site: CallSite, is_async: bool = False, pages: bool = False
) -> Value:
    """Call an operation with a request, or with a function that fills one; functions that handle the response run."""
    first = site.positional[0] if site.positional else None
    if first is None and not site.complete:
        first = UnknownValue("a request", site.place)
    found = emitted(run, target, operation, request(first, run, site.place), site.place)
    for handler in site.positional[1:]:
        filled(handler, run, site.place)
    if pages:
        return Pages(found)
    return Future(found) if is_async else found


class Pages(Native):
    """What a paginator gives: responses, one after another."""

    __slots__ = ("page",)

    def __init__(self, page: Value) -> None:
        self.page = page

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``stream()``, ``items()``, ``subscribe(…)``: each handles one page or one element of it."""
        if name in ("stream", "iterator", "parallelStream"):
            return bound(self, name, lambda site, run: Sequence([], self.page))
        if name in ("forEach", "subscribe"):
            return bound(self, name, self._each)
        if name in ("map", "flatMapIterable", "filter", "limit"):
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

    def describe(self) -> str:
        """For messages."""
        return "pages of results"
