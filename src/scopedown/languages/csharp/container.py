"""Dependency injection of .NET: what is registered with a collection of services, and what a provider gives.

Reference: https://learn.microsoft.com/dotnet/core/extensions/dependency-injection. Bindings are kept for all containers
of a run (``calls/interpreter/injection.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from scopedown.calls.interpreter import declared_types, injection
from scopedown.calls.machine import Activation, Function, Machine, Native
from scopedown.calls.machine.functions import first_of
from scopedown.calls.machine.state import Provider as Bound
from scopedown.calls.sdks.shapes.objects import ServiceClass
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.csharp import extensions
from scopedown.languages.csharp.natives import Model, Passing, Type, arguments, run_functions, type_argument
from scopedown.languages.csharp.sdk import types_of
from scopedown.source import ir

_LIFETIMES = ("Singleton", "Scoped", "Transient")
_REGISTERS = frozenset(
    {f"{start}{keyed}{lifetime}" for start in ("Add", "TryAdd") for keyed in ("", "Keyed") for lifetime in _LIFETIMES}
    | {"AddHttpClient", "AddDbContext", "AddDbContextFactory", "AddActivatedSingleton", "AddSingletonAs"}
)
_CLIENTS = frozenset({"AddAWSService", "TryAddAWSService"})
OPTIONS = "the options of a class"
"""Under which it is noted how the options of a class are made."""
PROGRAM = ("the program", 0)
"""Under which the file is noted in which the program starts."""
_GETS = frozenset(
    {
        "GetService", "GetRequiredService", "GetKeyedService", "GetRequiredKeyedService", "CreateInstance",
        "GetServiceOrCreateInstance",
    }
)  # fmt: skip


class Services(Model):
    """``IServiceCollection``."""

    __slots__ = ()
    label = "a collection of services"

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """A method that registers something."""
        if name in _REGISTERS:
            return Function(f"services.{name}", partial(self._register, name))
        if name in _CLIENTS:
            return Function(f"services.{name}", self._client)
        if name in ("Configure", "PostConfigure", "AddOptions"):
            return Function(f"services.{name}", self._configure)
        if name == "AddHostedService":
            return Function(f"services.{name}", self._hosted)
        if name == "BuildServiceProvider":
            return Function(f"services.{name}", lambda site, run: PROVIDER)
        own = extensions.named(run, name)
        return extensions.method(run, self, name, place) if own else None

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """Any other extension of a library runs what it is given, and gives the collection."""
        return Function(f"services.{name}", self._passed)

    def _passed(self, site: CallSite, run: Machine) -> Value:
        run_functions(site, run)
        return self

    def _register(self, name: str, site: CallSite, run: Machine) -> Value:
        token, target = type_argument(site), type_argument(site, 1)
        given = [one for one in arguments(site) if not (isinstance(one, Const) and isinstance(one.value, str | None))]
        if token is None and given and not _is_function(given[0]):
            token = given.pop(0)
            if isinstance(token, Instance):
                injection.bind(run, token.cls, injection.of_value(token))
                return self
            if isinstance(token, Native) and not isinstance(token, Type | ServiceClass):
                self._bind_value(run, token)
                return self
        if token is None:
            return self._passed(site, run)
        if given and name not in ("AddHttpClient", "AddDbContext", "AddDbContextFactory"):
            injection.bind(run, token, provider_of(run, given[0], site.place))
        elif target is not None:
            injection.bind(run, token, provider_of(run, target, site.place))
        else:
            run_functions(site, run)
            if isinstance(token, ClassValue):
                return self
            injection.bind(run, token, provider_of(run, token, site.place))
        return self

    @staticmethod
    def _bind_value(run: Machine, value: Value) -> None:
        """A client that is registered as it is stands for its class and its interface."""
        for token in types_of(value):
            injection.bind(run, token, injection.of_value(value))

    def _client(self, site: CallSite, run: Machine) -> Value:
        """``AddAWSService<IAmazonS3>()``."""
        token = type_argument(site)
        for option in options(token) if token is not None else ():
            if isinstance(option, Native):
                made = partial(_made, run, option)
                injection.bind(run, option, Bound(made))
        return self

    def _configure(self, site: CallSite, run: Machine) -> Value:
        """``Configure<T>(section)``, ``Configure<T>(options => …)``."""
        token = type_argument(site)
        for option in options(token) if token is not None else ():
            for given in arguments(site):
                run.heap.bindings.notes.setdefault((OPTIONS, id(option)), []).append(given)
        return OptionsBuilder(token) if token is not None else self

    def _hosted(self, site: CallSite, run: Machine) -> Value:
        """A service that the host starts."""
        token = type_argument(site)
        for option in options(token) if token is not None else ():
            if isinstance(option, ClassValue):
                run.escape(option, site.place)
        return self._passed(site, run)


def _made(run: Machine, token: Native, place: Place) -> Value:
    return token.call(CallSite((), {}, place), run)


def _is_function(value: Value) -> bool:
    return any(isinstance(option, FunctionValue) for option in options(value))


def provider_of(run: Machine, target: Value, place: Place) -> Bound:
    """What makes a service: a class, a function that takes the provider, or a value as it is."""

    def make(place: Place) -> Value:
        found: list[Value] = []
        for option in options(target):
            match option:
                case ClassValue():
                    found.append(injection.single(run, option, place))
                case FunctionValue():
                    found.append(run.call_value(option, CallSite((PROVIDER,), {}, place, complete=False)))
                case Native() if option.names_a_client:
                    found.append(option.call(CallSite((), {}, place), run))
                case _:
                    found.append(option)
        return join(*found)

    return Bound(make)


@dataclass(frozen=True, slots=True, eq=False)
class OptionsBuilder(Model):
    """``services.AddOptions<T>()``."""

    label = "options"
    token: Value

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """``Bind(section)``, ``Configure(options => …)``, and what checks them."""
        return Function(f"options.{name}", partial(self._told, name))

    def _told(self, name: str, site: CallSite, run: Machine) -> Value:
        if name in ("Bind", "Configure", "BindConfiguration"):
            for option in options(self.token):
                for given in arguments(site):
                    run.heap.bindings.notes.setdefault((OPTIONS, id(option)), []).append(given)
        return self


class ServiceProvider(Model):
    """``IServiceProvider``, and its scopes."""

    __slots__ = ()
    label = "a provider of services"

    def member_named(self, name: str, run: Machine, place: Place) -> Value | None:
        """What gives a service, or another provider."""
        if name in _GETS:
            return Function(f"provider.{name}", _get)
        if name in ("GetServices", "GetKeyedServices"):
            return Function(f"provider.{name}", _get_all)
        if name in ("CreateScope", "CreateAsyncScope", "GetAutofacRoot"):
            return Function(f"provider.{name}", lambda site, run: self)
        if name in ("ServiceProvider", "Services", "RequestServices", "ApplicationServices"):
            return self
        return extensions.method(run, self, name, place)

    def other(self, name: str, run: Machine, place: Place) -> Value:
        """Other members give nothing that counts."""
        return Passing(f"provider.{name}")


PROVIDER = ServiceProvider()
SERVICES = Services()


def _get(site: CallSite, run: Machine) -> Value:
    token = type_argument(site)
    if token is None:
        named = [one for one in arguments(site) if not isinstance(one, ServiceProvider | Const)]
        token = named[0] if named else UnknownValue("a service", site.place)
    return resolve(run, token, site.place)


def _get_all(site: CallSite, run: Machine) -> Value:
    token = type_argument(site) or first_of(site)
    return injection.resolve_all(run, token, site.place)


def resolve(run: Machine, token: Value, place: Place) -> Value:
    """What a provider gives for a type."""
    found = injection.of_types(run, options(token), place)
    return found if found is not None else UnknownValue("a service", place)


# what is called with services


def arguments_for(run: Machine, function: FunctionValue, given: tuple[Value, ...], place: Place) -> tuple[Value, ...]:
    """The arguments of a function that a framework calls: services by their types, the rest of what is ``given`` in
    order."""
    left = list(given)
    made: list[Value] = []
    for parameter in function.function.parameters:
        if parameter.kind != "positional":
            continue
        asked = _asks_for_service(parameter)
        value: Value | None = None
        if parameter.annotation is not None:
            activation = Activation(function.frame, False)
            declared = tuple(declared_types.named(run, activation, parameter.annotation))
            if asked or any(_is_service(run, one) for one in declared):
                value = injection.of_types(run, declared, place)
        if value is None:
            value = left.pop(0) if left else UnknownValue(f"parameter {parameter.name}", inert=True)
        made.append(value)
    return tuple(made)


def _asks_for_service(parameter: ir.Parameter) -> bool:
    for written in parameter.decorators:
        named = written.function if isinstance(written, ir.Call) else written
        if isinstance(named, ir.Name) and named.id in ("FromServices", "FromKeyedServices", "Inject"):
            return True
    return False


def _is_service(run: Machine, declared: Value) -> bool:
    if isinstance(declared, Native) and declared.names_a_client:
        return True
    if isinstance(declared, ClassValue) and declared.definition.abstract:
        return True
    return injection.key(declared) in run.heap.bindings.providers if injection.key(declared) is not None else False


def call(run: Machine, function: Value, given: tuple[Value, ...], place: Place) -> Value:
    """A framework calls a function."""
    made: list[Value] = []
    for option in options(function):
        if isinstance(option, FunctionValue):
            made.append(run.call(option, arguments_for(run, option, given, place), place))
        elif not isinstance(option, Const):
            made.append(run.call_value(option, CallSite(given, {}, place, complete=False)))
    return join(*made) if made else UnknownValue("a result", place)


# types that hold a service


class FunctionType(Type):
    """``Func<…, T>``: where nothing else is known, a function that gives a ``T``."""

    __slots__ = ()

    def applied(self, arguments: tuple[Value, ...], run: Machine) -> Value | None:
        """The type of functions that give the last of its arguments."""
        return Supplied(f"{self.name} of a service", arguments[-1], "function") if arguments else None


class HolderType(Type):
    """``IEnumerable<T>``, ``Lazy<T>``: where nothing else is known, what holds a ``T`` that is bound."""

    __slots__ = ()

    def applied(self, arguments: tuple[Value, ...], run: Machine) -> Value | None:
        """The type with its argument, where a service may be meant."""
        if not arguments or not any(_is_service(run, option) for option in options(arguments[-1])):
            return None
        return Supplied(f"{self.name} of services", arguments[-1], "list")


@dataclass(frozen=True, slots=True, eq=False)
class Supplied(Model):
    """A type whose values hold a service, or give one."""

    label = "{self.name}"
    name: str
    token: Value
    kind: str

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """A value of the type."""
        if self.kind == "list":
            return injection.resolve_all(run, self.token, site.place)
        if not any(_is_service(run, option) for option in options(self.token)):
            return UnknownValue("a function", site.place)
        return Function(self.name, lambda given, run: resolve(run, self.token, given.place))


class ProviderType(Type):
    """``IServiceProvider`` as a type."""

    __slots__ = ()

    names_a_client = True

    def call(self, site: CallSite, run: Machine) -> Value:
        """The provider."""
        return PROVIDER


class TaskType(Type):
    """``Task<T>`` is a ``T``, since ``await`` is transparent."""

    __slots__ = ()

    def applied(self, arguments: tuple[Value, ...], run: Machine) -> Value | None:
        """The type of its value."""
        return arguments[0] if arguments else None
