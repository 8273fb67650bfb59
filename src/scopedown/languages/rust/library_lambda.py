"""Lambda's runtime for Rust, and axum on it.

https://docs.rs/lambda_runtime, https://docs.rs/lambda_http, https://docs.rs/tower.
``lambda_runtime::run(service_fn(handler))`` calls the handler with an event; a router of axum (https://docs.rs/axum)
has its handlers called, each with the state that the router was given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from scopedown.calls.interpreter import injection
from scopedown.calls.machine import Machine
from scopedown.calls.machine.state import Provider
from scopedown.calls.values import CallSite, ClassValue, Instance, Object, Sequence, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.rust.natives import (
    NOTHING,
    SAME,
    Function,
    Item,
    RustNative,
    first,
    gives_first,
    last,
    settled,
)

LANGUAGE = "rust"
PACKAGES = ("lambda_runtime", "lambda_http", "lambda_extension", "lambda", "netlify_lambda_http", "axum", "tower",
            "tower_http", "axum_extra", "lambda_web")  # fmt: skip

_RUNS: Final = frozenset(
    {"run", "run_with_streaming_response", "start", "run_with_concurrency", "run_concurrent", "lambda"}
)  # fmt: skip
_SERVICES: Final = frozenset({"service_fn", "handler_fn", "handler", "service_fn_ok"})
_VERBS: Final = frozenset(
    {"get", "post", "put", "delete", "patch", "any", "options", "head", "trace", "on", "connect", "get_service",
     "post_service", "any_service"}
)  # fmt: skip


def module(name: str) -> Value | None:
    """What a path into one of the crates means."""
    parts = name.split(".")
    crate, last_part = parts[0], parts[-1]
    if crate in ("axum", "axum_extra"):
        return _of_axum(parts)
    if last_part in _RUNS and len(parts) > 1:
        return Function("::".join(parts), run_service)
    if last_part in _SERVICES:
        return gives_first("::".join(parts))
    if last_part in ("Runtime", "ServiceBuilder", "Extension"):
        return Item("::".join(parts), {one: Function(one, _builder) for one in ("new", "default")})
    return Item("::".join(parts))


def run_service(site: CallSite, run: Machine) -> Value:
    """The loop that takes events and calls the handler with each."""
    for option in options(settled(first(site), run, site.place)):
        serve(option, run, site.place)
    return NOTHING


def serve(service: Value, run: Machine, place: Place) -> None:
    """A service gets an event: a function, an object with a method ``call``, a router."""
    event = CallSite((UnknownValue("event", inert=True),), {}, place, complete=False, outside=True)
    match service:
        case Router():
            service.handle(run, place)
        case Instance() | ClassValue() | Sequence() | Object():
            run.escape(service, place)
        case UnknownValue():
            pass
        case _:
            run.call_value(service, event)


def _builder(site: CallSite, run: Machine) -> Value:
    """``Runtime::new(service)``, ``ServiceBuilder::new()``."""
    return Layered(first(site))


@dataclass(frozen=True, slots=True, eq=False)
class Layered(RustNative):
    """A service under layers, which call it."""

    label = "a service under layers"
    service: Value

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``service(f)`` gives the service; ``run`` runs it."""
        if name in ("service", "service_fn"):
            return gives_first(name)
        if name == "run":
            return Function(name, lambda site, run: run_service(CallSite((self.service,), {}, site.place), run), self)
        return Function(name, self._layer, self)

    def _layer(self, site: CallSite, run: Machine) -> Value:
        """A layer's functions may run; functions of an extension (``with_events_processor``) do."""
        for value in site.all():
            run.escape(value, site.place)
        return self

    def call(self, site: CallSite, run: Machine) -> Value:
        """It is the service."""
        return run.call_value(self.service, site)


# axum


def _of_axum(parts: list[str]) -> Value:
    name = parts[-1]
    if name == "Router":
        return Item(name, {one: Function(one, lambda site, run: Router()) for one in ("new", "default")})
    if name in _VERBS and "routing" in parts:
        return Function(name, _handlers)
    if name == "routing":
        return Item(name, {one: Function(one, _handlers) for one in _VERBS})
    if name == "serve":
        return Function(name, lambda site, run: run_service(CallSite((last(site),), {}, site.place), run))
    if name in ("Extension", "State", "Json", "Path", "Query", "Form"):
        return Item(name, {}, lambda site, run: first(site))
    if name in ("from_fn", "from_fn_with_state", "from_extractor"):
        return Function(name, lambda site, run: Middleware(last(site)))
    return Item("::".join(parts))


@dataclass(frozen=True, slots=True, eq=False)
class Middleware(RustNative):
    """A function between a router and its handlers."""

    label = "a middleware"
    function: Value


def _handlers(site: CallSite, run: Machine) -> Value:
    """``get(handler)``."""
    return Router(list(site.positional[-1:]))


class Router(RustNative):
    """A router, or the handlers of one route; every method adds to it and gives it."""

    __slots__ = ("handlers", "state")
    label = "a router"

    def __init__(self, handlers: list[Value] | None = None) -> None:
        self.handlers = handlers or []
        self.state: list[Value] = []

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """What adds a route, a layer or the state."""
        if name in ("with_state", "layer", "route_layer"):
            return Function(name, self._stated, self)
        if name in SAME or name in ("into_make_service", "into_service", "with_graceful_shutdown"):
            return Function(name, lambda site, run: self, self)
        return Function(name, self._added, self)

    def _added(self, site: CallSite, run: Machine) -> Value:
        """``route(path, get(handler))``, ``merge(router)``, ``nest(path, router)``, ``post(handler)``."""
        for option in options(settled(last(site), run, site.place)):
            if isinstance(option, Router):
                self.handlers += option.handlers
                self.state += option.state
            else:
                self.handlers.append(option)
        return self

    def _stated(self, site: CallSite, run: Machine) -> Value:
        for option in options(settled(last(site), run, site.place)):
            if isinstance(option, Middleware):
                self.handlers.append(option.function)
            else:
                self.state.append(option)
        return self

    def handle(self, run: Machine, place: Place) -> None:
        """A request arrives: any handler may be called, with the state as what it declares."""
        for value in self.state:
            if isinstance(value, Instance):
                injection.bind(run, value.cls, Provider(lambda _, value=value: value))  # type: ignore[misc]
        for handler in self.handlers:
            if isinstance(handler, Instance | Object | Sequence):
                run.escape(handler, place)
            elif not isinstance(handler, UnknownValue):
                run.call_value(handler, CallSite((), {}, place, complete=False))

    def escaped(self, run: Machine, place: Place) -> None:
        """Code that is not seen serves it."""
        self.handle(run, place)

    def call(self, site: CallSite, run: Machine) -> Value:
        """``router.call(request)``, ``oneshot(request)``."""
        self.handle(run, site.place)
        return UnknownValue("a response", site.place, inert=True)
