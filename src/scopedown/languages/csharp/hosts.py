"""Hosts of .NET: what builds them, applications with their routes, and classes that set both up (``Startup``).

Reference: https://learn.microsoft.com/aspnet/core/fundamentals/. What a request reaches runs when its route is added:
the handlers of minimal APIs, and the methods of the unit's controllers.
"""

from __future__ import annotations

from functools import partial

from scopedown.calls.interpreter import injection, members
from scopedown.calls.machine import Function, Machine, Native
from scopedown.calls.machine.functions import first_of
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    FunctionValue,
    Instance,
    UnknownValue,
    Value,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.csharp import container, extensions
from scopedown.languages.csharp.container import PROVIDER, SERVICES
from scopedown.languages.csharp.library_configuration import Configuration
from scopedown.languages.csharp.natives import Model, Passing, Plain, Type, arguments, type_argument
from scopedown.source import ir

_ROUTES = frozenset(
    {
        "MapGet", "MapPost", "MapPut", "MapDelete", "MapPatch", "MapMethods", "Map", "MapFallback", "MapWhen", "Use",
        "Run", "UseEndpoints", "UseWhen", "UseRouter", "RunAsync", "Start", "StartAsync",
    }
)  # fmt: skip
"""Methods of an application that run the functions which they are given."""
_CONTROLLERS = frozenset({"MapControllers", "MapControllerRoute", "MapDefaultControllerRoute", "UseMvc",
                          "UseMvcWithDefaultRoute", "MapAreaControllerRoute", "MapRazorPages"})  # fmt: skip
_BASES = frozenset({"ControllerBase", "Controller", "PageModel", "ODataController", "ApiController"})
_VERBS = frozenset({"HttpGet", "HttpPost", "HttpPut", "HttpDelete", "HttpPatch", "HttpHead", "Route", "AcceptVerbs"})
_PAGES = ("OnGet", "OnPost", "OnPut", "OnDelete")


class Builder(Model):
    """``WebApplicationBuilder``, ``IHostBuilder``, ``IWebHostBuilder``: what is told to one is told to all."""

    __slots__ = ()
    label = "a builder of a host"

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """Its services and configuration, and what is told to it."""
        match name:
            case "Services":
                return SERVICES
            case "Configuration":
                return Configuration()
            case "Environment" | "HostingEnvironment":
                return Plain("the environment of a host")
            case "Host" | "WebHost":
                return self
            case "Build":
                return Function(name, lambda site, run: APPLICATION)
            case "UseStartup":
                return Function(name, self._startup)
            case "ConfigureServices":
                return Function(name, partial(self._told, (SERVICES,)))
            case "ConfigureAppConfiguration" | "ConfigureHostConfiguration":
                return Function(name, partial(self._told, (Configuration(),)))
            case "ConfigureWebHostDefaults" | "ConfigureWebHost":
                return Function(name, partial(self._told, (self,)))
            case "Configure":
                return Function(name, partial(self._told, (APPLICATION,)))
            case _:
                return extensions.method(run, self, name, place)

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """Other methods run what they are given."""
        return Passing(f"host.{name}", self)

    def _told(self, given: tuple[Value, ...], site: CallSite, run: Machine) -> Value:
        """Call what it is told with ``given``, behind the context where that is taken too."""
        for value in arguments(site):
            for option in options(value):
                if isinstance(option, FunctionValue):
                    takes = len(option.function.parameters)
                    context = (_CONTEXT,) if takes > len(given) else ()
                    run.call_value(option, CallSite((*context, *given), {}, site.place, complete=False))
        return self

    def _startup(self, site: CallSite, run: Machine) -> Value:
        token = type_argument(site) or first_of(site)
        for option in options(token):
            start(run, option, site.place)
        return self


class HostContext(Model):
    """``HostBuilderContext``."""

    __slots__ = ()
    label = "the context of a host"

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """Its configuration."""
        return Configuration() if name == "Configuration" else None

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """Its environment."""
        return Passing(f"context.{name}")


class Application(Model):
    """``WebApplication``, ``IApplicationBuilder``, ``IEndpointRouteBuilder``, ``IHost``."""

    __slots__ = ()
    label = "an application"

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """Its services, and what adds routes."""
        if name in ("Services", "ApplicationServices", "ServiceProvider"):
            return PROVIDER
        if name == "Configuration":
            return Configuration()
        if name in _CONTROLLERS:
            return Function(f"app.{name}", self._controllers)
        if name in _ROUTES:
            return Function(f"app.{name}", partial(self._route, name))
        if name == "UseMiddleware":
            return Function(f"app.{name}", self._middleware)
        return extensions.method(run, self, name, place)

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """Other methods run what they are given, and give the application or a group of it."""
        return Passing(f"app.{name}", self)

    def _route(self, name: str, site: CallSite, run: Machine) -> Value:
        given: tuple[Value, ...] = (self,) if name in ("UseEndpoints", "MapWhen", "UseWhen", "Map", "UseRouter") else ()
        for value in arguments(site):
            container.call(run, value, given, site.place) if _is_function(value) else None
        return self

    def _controllers(self, site: CallSite, run: Machine) -> Value:
        run_controllers(run, site.place)
        return self

    def _middleware(self, site: CallSite, run: Machine) -> Value:
        token = type_argument(site)
        for option in options(token) if token is not None else ():
            if isinstance(option, ClassValue):
                run.escape(option, site.place)
        return self


BUILDER = Builder()
APPLICATION = Application()
_CONTEXT = HostContext()


def _is_function(value: Value) -> bool:
    return any(isinstance(option, FunctionValue) for option in options(value))


def start(run: Machine, cls: Value, place: Place) -> None:
    """A class that sets up services and the application: ``ConfigureServices``, then ``Configure``."""
    if not isinstance(cls, ClassValue):
        return
    made = run.construct(cls, CallSite((), {}, place, complete=False))
    for name, given in (("ConfigureServices", SERVICES), ("ConfigureContainer", UnknownValue("a container")),
                        ("Configure", APPLICATION)):  # fmt: skip
        found = members.member_of_class(run, cls, name, made, place)
        if found is not None:
            container.call(run, found, (given,), place)


def run_controllers(run: Machine, place: Place) -> None:
    """Every method of the unit's controllers that a request may reach."""
    unit = run.sources.unit(run.position.file) if run.position.file else None
    files = dict.fromkeys(
        file for base in sorted(_BASES) for file in (unit.mentioning(base) if unit is not None else ())
    )
    for file in files:
        run.load(file)
        module = run.heap.modules.get(file)
        for value in list(module.frame.variables.values()) if module is not None else ():
            if isinstance(value, ClassValue) and not value.definition.abstract and _is_controller(value):
                run_actions(run, value, place)


def _is_controller(cls: ClassValue) -> bool:
    for one in cls.ancestry():
        if isinstance(one, ClassValue) and any(
            _name_of(written) == "ApiController" for written in one.definition.annotations
        ):
            return True
        if isinstance(one, Native) and one.describe().rpartition(".")[2] in _BASES:
            return True
    return False


def _name_of(written: ir.Expr) -> str:
    named = written.function if isinstance(written, ir.Call) else written
    return named.id if isinstance(named, ir.Name) else ""


def run_actions(run: Machine, cls: ClassValue, place: Place) -> None:
    """Call the actions of a controller, or the handlers of a page."""
    made = injection.single(run, cls, place)
    for one in cls.ancestry():
        for name, held in list(one.fields.items()) if isinstance(one, ClassValue) else ():
            for option in options(held):
                if isinstance(option, FunctionValue) and _is_action(name, option):
                    for owner in options(made):
                        if isinstance(owner, Instance):
                            container.call(run, members.bind(run, option, owner, place), (), place)


def _is_action(name: str, function: FunctionValue) -> bool:
    written = {_name_of(one) for one in function.function.annotations}
    return bool(written & _VERBS) or name.startswith(_PAGES) or (not function.function.accessor and name[:1].isupper()
        and "NonAction" not in written and function.function.receiver == "this")  # fmt: skip


class HostType(Type):
    """A type of which there is one object in a run."""

    __slots__ = ()

    names_a_client = True

    def construct(self, site: CallSite, run: Machine) -> Value:
        """The object."""
        return OBJECTS[self.name]

    def call(self, site: CallSite, run: Machine) -> Value:
        """The object."""
        return OBJECTS[self.name]


OBJECTS: dict[str, Value] = {
    **dict.fromkeys(("ServiceCollection", "IServiceCollection"), SERVICES),
    **dict.fromkeys(("ServiceProvider", "IServiceScopeFactory", "IServiceScope"), PROVIDER),
    **dict.fromkeys(("HostBuilder", "IHostBuilder", "IWebHostBuilder", "WebHostBuilder", "WebApplicationBuilder",
                     "HostApplicationBuilder", "IHostApplicationBuilder"), BUILDER),
    **dict.fromkeys(("IApplicationBuilder", "IEndpointRouteBuilder", "IHost", "IWebHost", "WebApplication",
                     "RouteGroupBuilder"), APPLICATION),
}  # fmt: skip


def built(site: CallSite, run: Machine) -> Value:
    """``WebApplication.CreateBuilder(args)`` and its like."""
    return BUILDER


def applied(site: CallSite, run: Machine) -> Value:
    """``WebApplication.Create(args)``."""
    return APPLICATION
