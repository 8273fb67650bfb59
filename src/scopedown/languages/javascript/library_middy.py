"""middy: a handler between middlewares, and what its own middlewares call.

Read from the sources of @middy/core 6.4.5 and of middyjs/middy at 8d4c3f5 (7.8.0; ``packages/*/index.js``), and of
middy 0.36 for the older package (``middy/middlewares``). A request carries ``event``, ``context``, ``response``,
``error`` and ``internal`` from the first middleware to the last; ``fetchData`` says what a middleware reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    External,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    UnknownValue,
    Value,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.javascript.library_middy_aws import ACTIONS, OLD_ACTIONS
from scopedown.languages.javascript.natives import (
    NOTHING,
    Function,
    JavaScriptNative,
    Quiet,
    given,
    identity,
    silent,
)

LANGUAGE = "javascript"
PACKAGES = ("@middy", "middy")

_HOOKS = ("before", "after", "onError")

Action = Callable[[CallSite, Machine], None]


def module(name: str) -> Value | None:
    """``@middy/core``, a middleware's package, or the older ``middy``."""
    if name in ("middy", "@middy/core"):
        return Function("middy", _middy, None, {"middy": Function("middy", _middy)})
    if name == "middy/middlewares":
        return Quiet(name, {kind: _factory(kind, OLD_ACTIONS.get(kind)) for kind in _OLD})
    if not name.startswith("@middy/"):
        return None
    kind = name.removeprefix("@middy/")
    return Quiet(name) if kind == "util" else _factory(kind, ACTIONS.get(kind))


_OLD = (
    *("cache", "cors", "doNotWaitForEmptyEventLoop", "httpContentNegotiation", "httpErrorHandler"),
    *("httpEventNormalizer", "httpHeaderNormalizer", "httpMultipartBodyParser", "httpPartialResponse"),
    *("httpSecurityHeaders", "jsonBodyParser", "s3KeyNormalizer", "secretsManager", "ssm", "urlEncodeBodyParser"),
    *("validator", "warmup"),
)
"""The middlewares of middy 0.36."""


class _Factory(Function):
    """A middleware's package: called, it makes one; what names a parameter for TypeScript gives back the name."""

    __slots__ = ()

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``ssmParam``, ``secret``; other members are as the package itself (``httpRouterHandler``)."""
        if name in ("secret", "dynamoDbParam", "dynamoDbReq", "s3Req") or name.endswith("Param"):
            return identity(name)
        return None if name in ("then", "bind", "call", "apply", "default") else self


def _factory(kind: str, action: Action | None) -> Value:
    return _Factory(f"@middy/{kind}", lambda site, run: Middleware(kind, action, site))


@dataclass(frozen=True, slots=True, eq=False)
class Middleware(JavaScriptNative):
    """One of middy's own middlewares, or a router, as it was made."""

    label = "@middy/{self.kind}"
    kind: str
    action: Action | None
    made: CallSite

    callable_when_escaped = True

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """Its hooks, which somebody else may call."""
        return Function(name, self._hook, self) if name in _HOOKS else None

    def _hook(self, site: CallSite, run: Machine) -> Value:
        self.call(site, run)
        return NOTHING

    def call(self, site: CallSite, run: Machine) -> Value:
        """What it does for one request: its calls, or the functions that it was made with (routes, a logger)."""
        if self.action is not None:
            self.action(self.made, run)
        else:
            for value in self.made.all():
                run.escape(value, self.made.place)
        return UnknownValue(f"result of @middy/{self.kind}", site.place)


def _middy(site: CallSite, run: Machine) -> Value:
    """``middy(handler, plugin)``, ``middy(plugin)``, ``middy()``."""
    first = site.argument(0)
    made = Middy()
    if given(first) and first is not None:
        plugins = isinstance(first, Object)
        made.handler = None if plugins else first
        settings = first if plugins else site.argument(1)
        if isinstance(settings, Object):
            made.plugins = settings
    return made


@dataclass(slots=True, eq=False)
class Middy(JavaScriptNative):
    """A handler with its middlewares."""

    label = "a handler with middlewares"
    handler: Value | None = None
    plugins: Object | None = None
    hooks: Mapping[str, list[Value]] = field(default_factory=lambda: {name: [] for name in _HOOKS})

    callable_when_escaped = True

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``use`` and its like, each of which gives the same again."""
        if name == "use":
            return Function(name, self._use, self)
        if name in _HOOKS:
            return Function(name, lambda site, run: self._add(name, site.argument(0)), self)
        if name in ("handler", "applyMiddleware"):
            return Function(name, self._set_handler, self)
        return None

    def _use(self, site: CallSite, run: Machine) -> Value:
        for middleware in options(site.argument(0) or NOTHING):
            members = middleware.held() if isinstance(middleware, Sequence) else [middleware]
            for member in members:
                for each in options(member):
                    self._use_one(each, run, site.place)
        return self

    def _use_one(self, middleware: Value, run: Machine, place: Place) -> None:
        if isinstance(middleware, Middleware | External):
            self._add("before", middleware)
        elif isinstance(middleware, Object | Instance | Native):
            for name in _HOOKS:
                hook = run.attribute(middleware, name, place)
                if isinstance(middleware, Native) and isinstance(hook, Native):
                    hook = _at(hook, place)
                if isinstance(hook, FunctionValue | Native | External):
                    self._add(name, hook)

    def _add(self, name: str, hook: Value | None) -> Value:
        if hook is not None and not any(value is hook for value in self.hooks[name]):
            self.hooks[name].append(hook)
        return self

    def _set_handler(self, site: CallSite, run: Machine) -> Value:
        self.handler = site.argument(0) or self.handler
        return self

    def call(self, site: CallSite, run: Machine) -> Value:
        """One request, from the first middleware to the last."""
        event = site.argument(0) or UnknownValue("event", site.place)
        context = site.argument(1) or Object({}, UnknownValue("context", site.place))
        unknown = UnknownValue("a request's response", site.place)
        request = Object(
            {
                "event": event,
                "context": context,
                "response": unknown,
                "error": UnknownValue("an error", site.place),
                "internal": Object({}, UnknownValue("what a middleware has read", site.place)),
            }
        )
        if self.plugins is not None:
            run.escape(self.plugins, site.place)
        self._run("before", request, run, site.place)
        answer: Value = unknown
        if self.handler is not None:
            positional = (request.fields["event"], request.fields["context"], Object({}, UnknownValue("a signal")))
            answer = run.call_value(self.handler, CallSite(positional, {}, site.place))
        request.fields["response"] = answer
        self._run("after", request, run, site.place)
        self._run("onError", request, run, site.place)
        return request.fields["response"]

    def _run(self, name: str, request: Object, run: Machine, place: Place) -> None:
        for hook in list(self.hooks[name]):
            if isinstance(hook, External):
                run.escape(hook, place)
            elif isinstance(hook, Middleware):
                hook.call(CallSite((request,), {}, place), run)
            else:
                run.call(hook, (request, silent("next")), place)


def _at(hook: Value, place: Place) -> Value:
    """A hook of another library's middleware: what it calls, it calls where the middleware is used."""

    def body(site: CallSite, run: Machine) -> Value:
        return run.call_value(hook, CallSite(site.positional, site.keywords, place, site.complete))

    return Function("middleware", body)
