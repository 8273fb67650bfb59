"""Java's objects that hold one value: Optional, futures, atomic references, threads' own values, threads themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, Sequence, UnknownValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.java.natives import (
    NOTHING,
    Function,
    JavaClass,
    bound,
    computed,
    elements,
    first_of,
    function,
    given,
    is_null,
    otherwise,
    quiet,
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


def _started(site: CallSite, run: Machine) -> Value:
    return Future(run.call(first_of(site), (), site.place))


FUTURE = JavaClass(
    "java.util.concurrent.CompletableFuture",
    {
        "supplyAsync": function("CompletableFuture.supplyAsync", _started),
        "runAsync": function("CompletableFuture.runAsync", _started),
        "completedFuture": function("CompletableFuture.completedFuture", lambda site, run: Future(first_of(site))),
        "failedFuture": function("CompletableFuture.failedFuture", lambda site, run: Future(_failure(site.place))),
        "allOf": function("CompletableFuture.allOf", lambda site, run: Future(NOTHING)),
        "anyOf": function("CompletableFuture.anyOf", lambda site, run: Future(join(*map(settled, site.positional)))),
    },
    lambda site, run: Future(NOTHING),
)


class Holder(Native):
    """What keeps one value that may be set: ``AtomicReference``, ``ThreadLocal``, ``WeakReference``, a one-element
    box."""

    __slots__ = ("initial", "value")
    label = "a reference"

    def __init__(self, value: Value | None, initial: Value | None = None) -> None:
        self.value = value
        self.initial = initial
        """A function that gives the value at first."""

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Reading and writing it."""
        if name in ("get", "getPlain", "getAcquire", "getOpaque", "value"):
            return bound(self, name, lambda site, run: self._get(site, run))
        if name in ("set", "lazySet", "setPlain", "setRelease", "getAndSet", "compareAndSet", "setValue"):
            return bound(self, name, lambda site, run: self._set(run, site.positional[-1] if site.positional else None))
        if name in ("updateAndGet", "getAndUpdate", "accumulateAndGet", "getAndAccumulate"):
            return bound(self, name, self._update)
        return computed(name)

    def _get(self, site: CallSite, run: Machine) -> Value:
        if self.value is None:
            self.value = run.call(self.initial, (), site.place) if self.initial is not None else NOTHING
        return self.value

    def _set(self, run: Machine, value: Value | None) -> Value:
        before = self.value or NOTHING
        if value is not None:
            self.value = value if is_null(before) and not run.position.conditional else join(before, value)
        return before

    def _update(self, site: CallSite, run: Machine) -> Value:
        made = run.call(site.positional[-1], (self._get(site, run), *site.positional[:-1]), site.place)
        self._set(run, made)
        return made


def _box(site: CallSite, run: Machine) -> Value:
    return Holder(first_of(site))


def _with_initial(site: CallSite, run: Machine) -> Value:
    return Holder(None, first_of(site))


HOLDERS = {
    name: JavaClass(name, {"withInitial": function("ThreadLocal.withInitial", _with_initial)}, _box)
    for name in (
        "java.util.concurrent.atomic.AtomicReference", "java.lang.ThreadLocal", "java.lang.InheritableThreadLocal",
        "java.lang.ref.WeakReference", "java.lang.ref.SoftReference",
    )
}  # fmt: skip


# threads and executors


class Executor(Native):
    """What runs functions later."""

    __slots__ = ()
    label = "an executor"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """Its methods
        (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/concurrent/ExecutorService.html)."""
        if name in ("submit", "execute", "schedule", "scheduleAtFixedRate", "scheduleWithFixedDelay", "invoke", "fork"):
            return bound(self, name, _started)
        if name in ("invokeAll", "invokeAny"):
            return bound(self, name, _invoke_all)
        return computed(name)


def _invoke_all(site: CallSite, run: Machine) -> Value:
    listed = elements(run, first_of(site), site.place)
    results = [Future(run.call(one, (), site.place)) for one in listed.held()]
    return Sequence([], join(*results)) if results else Sequence()


def _executor(site: CallSite, run: Machine) -> Value:
    return Executor()


class _Executors(JavaClass):
    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        return Function(f"Executors.{name}", _executor)


EXECUTORS = _Executors("java.util.concurrent.Executors")
POOLS = {
    name: JavaClass(name, {"commonPool": function("commonPool", _executor)}, _executor)
    for name in (
        "java.util.concurrent.ThreadPoolExecutor", "java.util.concurrent.ForkJoinPool",
        "java.util.concurrent.ScheduledThreadPoolExecutor", "java.util.concurrent.StructuredTaskScope",
    )
}  # fmt: skip


class Thread(Native):
    """A thread that a function was given to."""

    __slots__ = ("runs",)
    label = "a thread"

    def __init__(self, runs: Value) -> None:
        self.runs = runs

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``start`` runs the function."""
        if name in ("start", "run"):
            return bound(self, name, lambda site, run: run.call(self.runs, (), site.place))
        return computed(name)


def _thread(site: CallSite, run: Machine) -> Value:
    runs = [one for one in site.positional if not isinstance(one, Const)]
    return Thread(runs[0] if runs else NOTHING)


def _start(owner: Value, site: CallSite, run: Machine) -> Value:
    run.call(run.attribute(owner, "run", site.place), (), site.place)
    return NOTHING


def _start_now(site: CallSite, run: Machine) -> Value:
    run.call(first_of(site), (), site.place)
    return Thread(first_of(site))


THREAD = JavaClass(
    "java.lang.Thread",
    {
        "sleep": quiet("Thread.sleep"),
        "startVirtualThread": function("Thread.startVirtualThread", _start_now),
        "ofVirtual": function("Thread.ofVirtual", lambda site, run: _Starter()),
        "ofPlatform": function("Thread.ofPlatform", lambda site, run: _Starter()),
    },
    _thread,
    {"start": _start, "join": lambda owner, site, run: NOTHING, "setName": lambda owner, site, run: NOTHING},
)


class _Starter(Native):
    """A builder of threads."""

    __slots__ = ()
    label = "a builder of threads"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        if name == "start":
            return bound(self, name, _start_now)
        if name == "unstarted":
            return bound(self, name, lambda site, run: Thread(first_of(site)))
        return bound(self, name, lambda site, run: self)
