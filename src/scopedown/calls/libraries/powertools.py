"""Powertools for AWS Lambda (Python): the parts that call AWS, and those that only wrap a handler.

Read from the sources of aws-lambda-powertools 3.37.0 (``utilities/parameters``, ``utilities/feature_flags``,
``utilities/idempotency``, ``middleware_factory``), whose permissions are listed at
https://docs.aws.amazon.com/powertools/python/latest/utilities/parameters/#iam-permissions and
https://docs.aws.amazon.com/powertools/python/latest/utilities/idempotency/#iam-permissions. Those of parameters
are in ``powertools_parameters.py``. Logger, Tracer and Metrics write to the log or to the X-Ray daemon. Everything else
(routers, batches, parsers) makes no calls and is followed by the escape rule.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.builtins.python_native import Function, Library, call, decorator, identity
from scopedown.calls.libraries.powertools_parameters import AppConfigStore, owner_of, parameters
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, External, FunctionValue, UnknownValue, Value, options
from scopedown.core.place import Place

LANGUAGE = "python"
PACKAGES = ("aws_lambda_powertools",)

SDK = "powertools"

_DECORATORS = frozenset(
    {"inject_lambda_context", "capture_lambda_handler", "capture_method", "log_metrics", "log_cold_start_metric"}
)
_PERSISTENCE = ("GetItem", "PutItem", "UpdateItem", "DeleteItem")
"""The documented needs of the idempotency utility on its table."""


def module(name: str) -> Value | None:
    """``aws_lambda_powertools`` or a module of it."""
    found: Value = _package()
    for part in name.split(".")[1:]:
        members = found.members if isinstance(found, Library) else {}
        found = members.get(part) or External(name, module=True)
        if isinstance(found, External):
            return found
    return found


def _package() -> Library:
    observers = {kind: _observer(kind) for kind in ("Logger", "Tracer", "Metrics", "EphemeralMetrics")}
    flags: dict[str, Value] = {
        "AppConfigStore": Function("AppConfigStore", AppConfigStore.made),
        "FeatureFlags": _feature_flags(),
    }
    layer = Function("DynamoDBPersistenceLayer", Persistence.made)
    idempotency: dict[str, Value] = {
        "DynamoDBPersistenceLayer": layer,
        "idempotent": Function("idempotent", _idempotent),
        "idempotent_function": Function("idempotent_function", _idempotent),
    }
    persistence = Package("persistence", {"dynamodb": Package("dynamodb", {"DynamoDBPersistenceLayer": layer})})
    utilities: dict[str, Value] = {
        "parameters": parameters(),
        "feature_flags": Package("feature_flags", flags),
        "idempotency": Package("idempotency", {**idempotency, "persistence": persistence}),
    }
    factory: dict[str, Value] = {"lambda_handler_decorator": Function("lambda_handler_decorator", _middleware)}
    return Package(
        "aws_lambda_powertools",
        {
            **observers,
            "single_metric": Library("single_metric"),
            "logging": Library("logging", observers),
            "tracing": Library("tracing", observers),
            "metrics": Library("metrics", observers),
            "utilities": Package("utilities", utilities),
            "middleware_factory": Package("middleware_factory", factory),
        },
    )


@dataclass(frozen=True, slots=True, eq=False)
class Package(Library):
    """A part of Powertools of which some is modelled; the rest is code that is not seen."""

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A modelled member, or an unseen one."""
        return self.members.get(name) or run.attribute(External(self.name, module=True), name, place)


def _observer(kind: str) -> Value:
    return Function(kind, lambda site, run: Observer(kind))


@dataclass(frozen=True, slots=True, eq=False)
class Observer(Native):
    """A Logger, Tracer or Metrics: its decorators leave functions as they are, the rest makes no calls."""

    ignores_assignments = True
    kind: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A decorator, or a method that tells nothing."""
        if name not in _DECORATORS:
            return Library(f"{self.kind}.{name}")
        plain = decorator(name)

        def body(site: CallSite, run: Machine) -> Value:
            if site.positional and isinstance(site.positional[0], FunctionValue | Native):
                return site.positional[0]
            return call(run, plain, site)

        return Function(name, body)

    def call(self, site: CallSite, run: Machine) -> Value:
        """``@metrics`` in old versions."""
        return site.positional[0] if site.positional else self


# what stands around a function


@dataclass(frozen=True, slots=True, eq=False)
class Around(Native):
    """A function with something before it: a middleware that gets it first, or a store that is asked."""

    label = "a decorated function"
    function: Value
    middleware: Value | None = None
    store: Value | None = None
    keywords: tuple[tuple[str, Value], ...] = ()

    callable_when_escaped = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The call that reaches the function in the end."""
        for option in options(self.store) if self.store is not None else ():
            if isinstance(option, Persistence):
                option.emit(run)
        if self.middleware is None:
            return call(run, self.function, site)
        keywords = {**dict(self.keywords), **site.keywords}
        return call(
            run,
            self.middleware,
            CallSite((self.function, *site.positional), keywords, site.place, site.complete),
        )


def _middleware(site: CallSite, run: Machine) -> Value:
    """``@lambda_handler_decorator``: the function becomes a decorator, with or without arguments of its own."""
    made = site.argument(0, "decorator") or Const(None)

    def apply(site: CallSite, run: Machine) -> Value:
        keywords = tuple(site.keywords.items())
        if site.positional and not isinstance(site.positional[0], Const):
            return Around(site.positional[0], made, None, keywords)
        return Function("middleware", lambda site, run: Around(site.argument(0) or Const(None), made, None, keywords))

    return Function("middleware", apply)


def _idempotent(site: CallSite, run: Machine) -> Value:
    """``@idempotent(persistence_store=…)`` and ``@idempotent_function(…)``."""
    store = site.argument(-1, "persistence_store")

    def apply(site: CallSite, run: Machine) -> Value:
        function = site.argument(0) or Const(None)
        if isinstance(function, FunctionValue) and function.function.receiver in ("first", "class"):
            for option in options(store) if store is not None else ():  # a method has to stay one
                if isinstance(option, Persistence):
                    option.emit(run)
            return function
        return Around(function, None, store)

    if site.positional and not isinstance(site.positional[0], Const):
        return apply(site, run)
    return Function("idempotent", apply)


@dataclass(frozen=True, slots=True, eq=False)
class Persistence(Native):
    """``DynamoDBPersistenceLayer(table_name=…)``."""

    table: Value
    credentials: Value | None
    place: Place

    @staticmethod
    def made(site: CallSite, run: Machine) -> Value:
        """Its constructor."""
        table = site.argument(0, "table_name") or UnknownValue("a table's name", site.place)
        return Persistence(table, owner_of(site), site.place)

    def emit(self, run: Machine) -> None:
        """What one idempotent call may do."""
        for operation in _PERSISTENCE:
            run.emit("dynamodb", operation, {"TableName": self.table}, self.place, SDK, self.credentials)


def _feature_flags() -> Function:
    """``FeatureFlags(store)``: every question reads the configuration."""

    def made(site: CallSite, run: Machine) -> Value:
        store = site.argument(0, "store") or Const(None)
        read = Function("get_configuration", lambda site, run: _ask(store, site, run))
        names = ("evaluate", "get_enabled_features", "get_configuration")
        flags: dict[str, Value] = dict.fromkeys(names, read)
        flags["validation_exception_handler"] = identity("validation_exception_handler")
        return Library("feature_flags", flags)

    return Function("FeatureFlags", made)


def _ask(store: Value, site: CallSite, run: Machine) -> Value:
    for option in options(store):
        if isinstance(option, AppConfigStore):
            option.emit(run)
        else:
            run.escape(option, site.place)
    return UnknownValue("a feature flag", site.place)
