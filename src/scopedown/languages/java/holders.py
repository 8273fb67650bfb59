"""Java's objects that hold one value and run functions on it: Optional and futures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, Sequence, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.java.natives import (
    NOTHING,
    JavaClass,
    bound,
    computed,
    first_of,
    function,
    given,
    is_null,
    otherwise,
)


@dataclass(frozen=True, slots=True, eq=False)
class Optional(Native):
    """``Optional``: the value, null where it may be empty."""

    label = "an Optional"
    value: Value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Its methods (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/Optional.html)."""
        body = _OF_OPTIONAL.get(name)
        if body is None:
            return computed(name)
        return bound(self, name, lambda site, run: body(self, site, run))


def present(value: Value, place: Place) -> Value:
    """A value where it is not null."""
    some = [option for option in options(value) if not is_null(option)]
    return join(*some) if some else UnknownValue("the value of an empty Optional", place, inert=True)


def _or_else(of: Optional, site: CallSite, run: Machine) -> Value:
    return otherwise(of.value, first_of(site))


def _or_else_get(of: Optional, site: CallSite, run: Machine) -> Value:
    if is_null(of.value) or any(not isinstance(one, Const) or is_null(one) for one in options(of.value)):
        return otherwise(of.value, run.call(first_of(site), (), site.place))
    return of.value


def _map(of: Optional, site: CallSite, run: Machine) -> Value:
    if is_null(of.value):
        return of
    made = run.call(first_of(site), (present(of.value, site.place),), site.place)
    empty = any(is_null(option) for option in options(of.value))
    return Optional(join(made, NOTHING) if empty else made)


def _flat_map(of: Optional, site: CallSite, run: Machine) -> Value:
    if is_null(of.value):
        return of
    return run.call(first_of(site), (present(of.value, site.place),), site.place)


def _if_present(of: Optional, site: CallSite, run: Machine) -> Value:
    if not is_null(of.value):
        run.call(first_of(site), (present(of.value, site.place),), site.place)
    if len(site.positional) > 1:
        run.call(site.positional[1], (), site.place)
    return NOTHING


def _filter(of: Optional, site: CallSite, run: Machine) -> Value:
    if not is_null(of.value):
        run.call(first_of(site), (present(of.value, site.place),), site.place)
    return Optional(join(of.value, NOTHING))


def _or(of: Optional, site: CallSite, run: Machine) -> Value:
    return join(of, run.call(first_of(site), (), site.place))


_OF_OPTIONAL: dict[str, Callable[[Optional, CallSite, Machine], Value]] = {
    "get": lambda of, site, run: present(of.value, site.place),
    "getAsInt": lambda of, site, run: present(of.value, site.place),
    "getAsLong": lambda of, site, run: present(of.value, site.place),
    "getAsDouble": lambda of, site, run: present(of.value, site.place),
    "orElseThrow": lambda of, site, run: present(of.value, site.place),
    "orElse": _or_else,
    "orElseGet": _or_else_get,
    "map": _map,
    "flatMap": _flat_map,
    "filter": _filter,
    "ifPresent": _if_present,
    "ifPresentOrElse": _if_present,
    "or": _or,
    "stream": lambda of, site, run: Sequence([], of.value),
}

OPTIONAL = JavaClass(
    "java.util.Optional",
    {
        "of": function("Optional.of", lambda site, run: Optional(first_of(site))),
        "ofNullable": function("Optional.ofNullable", lambda site, run: Optional(first_of(site))),
        "empty": function("Optional.empty", lambda site, run: Optional(NOTHING)),
    },
)


class Future(Native):
    """A value that is there later: ``CompletableFuture``, what an executor gives."""

    __slots__ = ("value",)
    label = "a future"

    def __init__(self, value: Value) -> None:
        self.value = value

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Its methods
        (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/concurrent/CompletableFuture.html)."""
        body = _OF_FUTURE.get(name.removesuffix("Async"))
        if body is None:
            return computed(name)
        return bound(self, name, lambda site, run: body(self, site, run))


def settled(value: Value) -> Value:
    """What a future gives, and what gives itself."""
    return join(*(option.value if isinstance(option, Future) else option for option in options(value)))


def _failure(place: Place) -> Value:
    return UnknownValue("an exception", place, inert=True)


def _then(of: Future, site: CallSite, run: Machine) -> Value:
    return Future(settled(run.call(first_of(site), (of.value,), site.place)))


def _then_run(of: Future, site: CallSite, run: Machine) -> Value:
    run.call(first_of(site), (), site.place)
    return Future(NOTHING)


def _combine(of: Future, site: CallSite, run: Machine) -> Value:
    return Future(settled(run.call(given(site, 1), (of.value, settled(first_of(site))), site.place)))


def _handle(of: Future, site: CallSite, run: Machine) -> Value:
    return Future(run.call(first_of(site), (of.value, join(NOTHING, _failure(site.place))), site.place))


def _when_complete(of: Future, site: CallSite, run: Machine) -> Value:
    run.call(first_of(site), (of.value, join(NOTHING, _failure(site.place))), site.place)
    return of


def _exceptionally(of: Future, site: CallSite, run: Machine) -> Value:
    other = run.call(first_of(site), (_failure(site.place),), site.place)
    return Future(join(of.value, settled(other)))


def _complete(of: Future, site: CallSite, run: Machine) -> Value:
    of.value = join(of.value, first_of(site)) if not is_null(of.value) else first_of(site)
    return UnknownValue("result of complete()", site.place, inert=True)


_OF_FUTURE: dict[str, Callable[[Future, CallSite, Machine], Value]] = {
    "get": lambda of, site, run: of.value,
    "join": lambda of, site, run: of.value,
    "getNow": lambda of, site, run: of.value,
    "resultNow": lambda of, site, run: of.value,
    "thenApply": _then,
    "thenAccept": _then,
    "thenCompose": _then,
    "thenRun": _then_run,
    "thenCombine": _combine,
    "thenAcceptBoth": _combine,
    "handle": _handle,
    "whenComplete": _when_complete,
    "exceptionally": _exceptionally,
    "exceptionallyCompose": _exceptionally,
    "complete": _complete,
    "completeOnTimeout": lambda of, site, run: of,
    "orTimeout": lambda of, site, run: of,
    "toCompletableFuture": lambda of, site, run: of,
    "copy": lambda of, site, run: of,
}


def started(site: CallSite, run: Machine) -> Value:
    """A function runs, perhaps in another thread."""
    return Future(run.call(first_of(site), (), site.place))


FUTURE = JavaClass(
    "java.util.concurrent.CompletableFuture",
    {
        "supplyAsync": function("CompletableFuture.supplyAsync", started),
        "runAsync": function("CompletableFuture.runAsync", started),
        "completedFuture": function("CompletableFuture.completedFuture", lambda site, run: Future(first_of(site))),
        "failedFuture": function("CompletableFuture.failedFuture", lambda site, run: Future(_failure(site.place))),
        "allOf": function("CompletableFuture.allOf", lambda site, run: Future(NOTHING)),
        "anyOf": function("CompletableFuture.anyOf", lambda site, run: Future(join(*map(settled, site.positional)))),
    },
    lambda site, run: Future(NOTHING),
)
