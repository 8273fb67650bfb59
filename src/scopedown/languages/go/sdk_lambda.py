"""AWS's libraries for Lambda in Go: what starts a handler, the context, events, adapters of routers.

Sources: https://github.com/aws/aws-lambda-go, https://github.com/awslabs/aws-lambda-go-api-proxy
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from scopedown.calls.builtins.object_effects import LibraryObject
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Object, TextValue, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Pseudo, Text
from scopedown.languages.go.clients import Structure
from scopedown.languages.go.handler import handle
from scopedown.languages.go.natives import Body, Callback, Package, Thing, data, first, function, given, results

LANGUAGE = "go"
PACKAGES = (
    "github.com/aws/aws-lambda-go",
    "github.com/awslabs/aws-lambda-go-api-proxy",
    "github.com/aws/aws-lambda-go-api-proxy",
)
_STARTS = (
    "Start",
    "StartHandler",
    "StartWithContext",
    "StartWithOptions",
    "StartHandlerWithContext",
    "StartHandlerFunc",
)


def module(name: str) -> Value | None:
    """One of the packages."""
    below = name.partition("aws-lambda-go")[2]
    match below:
        case "/lambda":
            return _lambda()
        case "/lambdacontext":
            return _context()
        case "/events" | "/cfn" | "/lambda/messages":
            return Events(below.strip("/"))
        case "/lambdaurl":
            return Package("lambdaurl", {"Start": function("lambdaurl.Start", _serve)}, takes_objects=True)
        case _ if below.startswith("-api-proxy"):
            return Adapters(below.rpartition("/")[2])
        case _:
            return Package(name)


@cache
def _lambda() -> Package:
    known: dict[str, Value] = {name: function(f"lambda.{name}", _start) for name in _STARTS}
    known |= {
        "NewHandler": function("lambda.NewHandler", given()),
        "NewHandlerWithOptions": function("lambda.NewHandlerWithOptions", given()),
    }
    return Package("lambda", known)


def _start(site: CallSite, run: Machine) -> Value:
    """``lambda.Start(handler)``; with a context before it."""
    handlers = [value for value in site.positional if any(_may_handle(option) for option in options(value))]
    for value in handlers[:1] or site.positional[-1:]:
        handle(run, value, site.place)
    return data("lambda.Start", site.place)


def _may_handle(value: Value) -> bool:
    return not isinstance(value, LibraryObject | UnknownValue)


def _serve(site: CallSite, run: Machine) -> Value:
    for value in site.positional:
        run.escape(value, site.place)
    return data("lambdaurl.Start", site.place)


# the context


@cache
def _context() -> Package:
    name = TextValue(Text.of(EnvVar("AWS_LAMBDA_FUNCTION_NAME")))
    pseudo = {key: Pseudo(f"AWS::{key}") for key in ("Partition", "Region", "AccountId")}
    arn = Text.of(
        "arn:", pseudo["Partition"], ":lambda:", pseudo["Region"], ":", pseudo["AccountId"], ":function:",
        EnvVar("AWS_LAMBDA_FUNCTION_NAME"),
    )  # fmt: skip
    unknown = UnknownValue("context", inert=True)
    held = Object({"InvokedFunctionArn": TextValue(arn)}, unknown)
    known: Mapping[str, Value | Body] = {
        "FromContext": lambda site, run: results(held, unknown),
        "NewContext": given(),
        "FunctionName": name,
        "LogGroupName": TextValue(Text.of("/aws/lambda/", EnvVar("AWS_LAMBDA_FUNCTION_NAME"))),
        "LambdaContext": Structure("lambdacontext.LambdaContext"),
    }
    made = {key: one if isinstance(one, Value) else function(key, one) for key, one in known.items()}
    return Package("lambdacontext", made)


class Events(Package):
    """``events``: structures."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A structure; ``cfn.LambdaWrap`` gives the handler that it wraps."""
        if name == "LambdaWrap":
            return function("cfn.LambdaWrap", given())
        return Structure(f"{self.name}.{name}")


# routers


class Adapters(Package):
    """A package of adapters: what is made of a router serves requests with it."""

    __slots__ = ()

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``New``, ``NewV2``, ``NewALB``: an adapter; its type."""
        if name.startswith("New"):
            return function(f"{self.name}.{name}", lambda site, run: Adapter(first(site)))
        return Structure(f"{self.name}.{name}")


class Adapter(Native):
    """An adapter of a router: its methods run what is registered there."""

    __slots__ = ("router",)
    label = "an adapter of a router"

    def __init__(self, router: Value) -> None:
        self.router = router

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``ProxyWithContext``, ``Proxy``, ``ProxyFunctionURLWithContext``: handlers."""
        if name.startswith("Proxy"):
            return Callback(name, self._proxy, self)
        return Thing(f"adapter.{name}")

    def _proxy(self, site: CallSite, run: Machine) -> Value:
        run.escape(self.router, site.place)
        return results(Object({}, data("Proxy", site.place)), UnknownValue("an error", site.place, inert=True))

    def escaped(self, run: Machine, place: Place) -> None:
        """Whoever has it serves requests."""
