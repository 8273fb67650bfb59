"""Hosts and dependency injection of .NET: ASP.NET Core, its hosting in Lambda, Lambda Annotations

Reference: https://learn.microsoft.com/aspnet/core/fundamentals/, https://github.com/aws/aws-lambda-dotnet.
"""

from __future__ import annotations

from functools import partial

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Function, Machine
from scopedown.calls.values import CallSite, ClassValue, FunctionValue, Instance, UnknownValue, Value, options
from scopedown.core.place import Place
from scopedown.languages.csharp import hosts
from scopedown.languages.csharp.container import PROVIDER
from scopedown.languages.csharp.hosts import BUILDER, HostType
from scopedown.languages.csharp.natives import Type, method

LANGUAGE = "csharp"
PACKAGES = (
    "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.AspNetCore.Builder",
    "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore",
    "Amazon.Lambda.AspNetCoreServer", "Amazon.Lambda.AspNetCoreServer.Hosting",
)  # fmt: skip
_HANDLERS = ("FunctionHandlerAsync", "FunctionHandler")
_ENTRIES = frozenset(
    {
        "APIGatewayProxyFunction", "APIGatewayHttpApiV2ProxyFunction", "ApplicationLoadBalancerFunction",
        "AbstractAspNetCoreFunction",
    }
)  # fmt: skip


class EntryPoint(Type):
    """The base of an ASP.NET Core application in Lambda (``LambdaEntryPoint``)."""

    __slots__ = ()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """The handler that the class inherits: it builds the host, of which any route may be asked."""
        if name not in _HANDLERS:
            return None
        return Function(name, partial(self._handle, owner))

    def _handle(self, owner: Value, site: CallSite, run: Machine) -> Value:
        cls = owner.cls if isinstance(owner, Instance) else owner
        if not isinstance(cls, ClassValue):
            return UnknownValue("a response", site.place, inert=True)
        for name, given in (("CreateHostBuilder", ()), ("CreateWebHostBuilder", ()), ("Init", (BUILDER,))):
            found = members.member_of_class(run, cls, name, owner, site.place)
            if found is not None:
                for option in options(found):
                    if isinstance(option, FunctionValue):
                        run.call_value(option, CallSite(given, {}, site.place, complete=False))
        startup = members.member_of_class(run, cls, f"<{self.name} 0>", owner, site.place)
        for option in options(startup) if startup is not None else ():
            hosts.start(run, option, site.place)
        return UnknownValue("a response", site.place, inert=True)


def _instance(site: CallSite, run: Machine) -> Value:
    """``ActivatorUtilities.CreateInstance<T>(provider)``."""
    found = PROVIDER.member_named("CreateInstance", run, site.place)
    return run.call_value(found, site) if found is not None else UnknownValue("a service", site.place)


def _factories(name: str) -> Type:
    made = {one: method(f"{name}.{one}", hosts.built) for one in (
        "CreateBuilder", "CreateSlimBuilder", "CreateDefaultBuilder", "CreateApplicationBuilder", "CreateEmptyBuilder",
        "CreateEmptyApplicationBuilder",
    )}  # fmt: skip
    return Type(name, {**made, "Create": method(f"{name}.Create", hosts.applied)})


class FactoryType(HostType):
    """A class that is both a factory and the type of what it makes."""

    __slots__ = ()

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """What makes a builder."""
        return _factories(self.name).members.get(name)


_TYPES: dict[str, Value] = {
    **{name: HostType(name) for name in hosts.OBJECTS},
    "WebApplication": FactoryType("WebApplication"),
    "Host": _factories("Host"),
    "WebHost": _factories("WebHost"),
    "ActivatorUtilities": Type(
        "ActivatorUtilities",
        {
            "CreateInstance": method("ActivatorUtilities.CreateInstance", _instance),
            "GetServiceOrCreateInstance": method("ActivatorUtilities.GetServiceOrCreateInstance", _instance),
        },
    ),
}


def module(name: str) -> Value | None:
    """A class by its whole name."""
    namespace, _, written = name.rpartition(".")
    if namespace.startswith("Amazon.Lambda.AspNetCoreServer"):
        return EntryPoint(written) if written in _ENTRIES else None
    return _TYPES.get(written)
