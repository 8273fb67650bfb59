"""Python's containers of types: injector, punq, lagom.

Sources: https://injector.readthedocs.io/en/latest/, https://punq.readthedocs.io/en/latest/,
https://lagom-di.readthedocs.io/en/latest/. Each binds types to classes, functions or values and makes what a
constructor's annotations name.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.interpreter import declared_types
from scopedown.calls.interpreter import dunder_methods as special
from scopedown.calls.interpreter.injection import (
    Wanted,
    bind,
    called,
    escape_bound,
    note,
    noted,
    of_target,
    of_value,
    resolve,
    resolve_all,
    single,
)
from scopedown.calls.interpreter.members import bind as bind_method
from scopedown.calls.machine import Activation, Machine, Native, within
from scopedown.calls.machine.state import Provider
from scopedown.calls.values import (
    CallSite,
    ClassValue,
    Const,
    FunctionValue,
    Instance,
    Sequence,
    UnknownValue,
    Value,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.python.natives import (
    NOTHING,
    Function,
    Library,
    call,
    decorator,
    identity,
    silent,
)


def module(name: str) -> Value | None:
    """A package or a module of it."""
    root = name.partition(".")[0]
    scopes: dict[str, Value] = {}
    if root == "punq":
        scopes = {"Scope": Library("punq.Scope"), "empty": NOTHING}
        return Library(name, {"Container": Function("Container", lambda site, run: Container()), **scopes})
    if root == "lagom":
        wrapped = {one: Function(one, lambda site, run: site.argument(0) or NOTHING) for one in ("Singleton", "Alias")}
        scopes = {
            **wrapped,
            "injectable": Wanted(None),
            "dependency_definition": Function("dependency_definition", _definition),
            "magic_bind_to_container": Function("magic_bind_to_container", _binding_decorator),
            "bind_to_container": Function("bind_to_container", _binding_decorator),
        }
        containers = {one: Function(one, lambda site, run: Container()) for one in ("Container", "ExplicitContainer")}
        integrations = {one: Function(one, lambda site, run: Container()) for one in _INTEGRATIONS}
        return Library(name, {**containers, **scopes, **integrations})
    return Library(
        name,
        {
            "Injector": Function("Injector", _injector),
            "Module": Library("injector.Module"),
            "Binder": Library("injector.Binder"),
            "provider": decorator_noting("provider"),
            "multiprovider": decorator_noting("provider"),
            **{one: decorator(one) for one in ("singleton", "threadlocal", "noscope", "request")},
            "inject": Function("inject", _inject),
            **{one: Function(one, lambda site, run: site.argument(0) or NOTHING) for one in ("InstanceProvider",)},
            **{one: identity(one) for one in ("ClassProvider", "CallableProvider")},
        },
    )


def decorator_noting(kind: str) -> Function:
    """A decorator that leaves a function as it is, and notes it."""

    def body(site: CallSite, run: Machine) -> Value:
        target = site.argument(0) or NOTHING
        note(run, kind, target, NOTHING)
        return target

    return Function(kind, body)


def _inject(site: CallSite, run: Machine) -> Value:
    """``@inject``: what a call does not give comes from the container, by its annotation."""
    target = site.argument(0) or NOTHING
    if isinstance(target, FunctionValue):
        run.heap.bindings.automatic.add(id(target.function))
    return target


def _returned(run: Machine, function: Value, place: Place) -> list[Value]:
    """The types that a function's annotation says that it gives."""
    if not isinstance(function, FunctionValue) or function.function.returns is None:
        return []
    with within(run, function.frame):
        return declared_types.named(run, Activation(function.frame, False), function.function.returns)


def _provider(run: Machine, given: Value) -> Provider:
    """How a value is made: by a class or a function, or it is the value. A function that asks for the container gets
    it."""
    if isinstance(given, ClassValue):
        return of_target(run, given)
    if isinstance(given, FunctionValue):
        takes = any(
            parameter.annotation is None and parameter.default is None for parameter in given.function.parameters
        )
        arguments: tuple[Value, ...] = (Container(),) if takes else ()
        return Provider(lambda place: called(run, given, arguments, place))
    return of_value(given)


@dataclass(frozen=True, slots=True, eq=False)
class Container(Native):
    """A container; all of a run share what is bound."""

    label = "a container"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``resolve``, ``get``, ``register``, ``bind`` and their like."""
        found = _METHODS.get(name)
        return Function(name, found, self) if found is not None else silent(name)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """lagom: ``container[Store]``."""
        return resolve(run, key, place)

    def put(self, key: Value, value: Value, run: Machine, place: Place) -> None:
        """lagom: ``container[Store] = …``."""
        for option in options(value):
            bind(run, key, _provider(run, option), replace=True)

    def escaped(self, run: Machine, place: Place) -> None:
        """Unseen code that has a container asks it for anything."""
        escape_bound(run, place)


def _resolve(site: CallSite, run: Machine) -> Value:
    token = site.argument(0, "service_key", "interface", "dep_type", "cls") or NOTHING
    if isinstance(token, ClassValue) and (site.keywords or len(site.positional) > 1) and _has_arguments(site):
        return call(run, token, CallSite((), dict(site.keywords), site.place, complete=False))
    return resolve(run, token, site.place)


def _has_arguments(site: CallSite) -> bool:
    """Whether ``resolve(Service, name=value)`` gives arguments to the constructor."""
    return any(name not in ("service_key", "interface", "dep_type", "cls", "scope") for name in site.keywords)


def _all(site: CallSite, run: Machine) -> Value:
    return resolve_all(run, site.argument(0) or NOTHING, site.place)


def _register(site: CallSite, run: Machine) -> Value:
    """punq: ``register(service, factory=…, instance=…, **arguments)``; injector: ``bind(interface, to=…)``."""
    token = site.argument(0, "service", "interface") or NOTHING
    if (instance := site.argument(-1, "instance")) is not None:
        bind(run, token, of_value(instance))
        return Container()
    factory = site.argument(1, "factory", "to")
    if factory is None or isinstance(factory, Library):
        factory = token
    named = {
        name: value
        for name, value in site.keywords.items()
        if name not in ("service", "interface", "factory", "to", "scope")
    }
    if named and isinstance(factory, ClassValue | FunctionValue):
        made = factory
        bind(run, token, Provider(lambda place: call(run, made, CallSite((), named, place, complete=False))))
    elif isinstance(factory, ClassValue) and factory is token:
        made_of = factory
        bind(run, token, Provider(lambda place: single(run, made_of, place)))
    else:
        bind(run, token, _provider(run, factory))
    return Container()


def _install(site: CallSite, run: Machine) -> Value:
    for option in options(site.argument(0) or NOTHING):
        _configure(run, option, site.place)
    return NOTHING


def _with_injection(site: CallSite, run: Machine) -> Value:
    """``call_with_injection(function, self, args, kwargs)``."""
    args = site.argument(2, "args")
    kwargs = site.argument(3, "kwargs")
    positional = tuple(args.items) if isinstance(args, Sequence) else ()
    named = kwargs.fields if kwargs is not None and hasattr(kwargs, "fields") else {}
    return call(run, site.argument(0, "callable") or NOTHING, CallSite(positional, named, site.place, complete=False))


def _partial(site: CallSite, run: Machine) -> Value:
    """lagom: ``container.magic_partial(function)``: a function whose other arguments come from the container."""
    function = site.argument(0) or NOTHING

    def body(inner: CallSite, run: Machine) -> Value:
        return _call_annotated(run, function, inner)

    return Function("a bound function", body)


def _call_annotated(run: Machine, function: Value, site: CallSite) -> Value:
    """A call whose missing arguments are what their annotations name."""
    keywords = dict(site.keywords)
    if isinstance(function, FunctionValue):
        for position, parameter in enumerate(function.function.parameters):
            name = parameter.name
            if position < len(site.positional) or name is None or name in keywords or parameter.annotation is None:
                continue
            declared = declared_types.named(run, Activation(function.frame, False), parameter.annotation)
            classes = [value for value in declared if isinstance(value, ClassValue)]
            if classes:
                keywords[name] = resolve(run, classes[0], site.place)
    return call(run, function, CallSite(site.positional, keywords, site.place, complete=False))


def _binding_decorator(site: CallSite, run: Machine) -> Value:
    return Function("bind_to_container", _partial)


def _definition(site: CallSite, run: Machine) -> Value:
    """``@dependency_definition(container)``: the function makes what it is annotated to give."""

    def body(inner: CallSite, run: Machine) -> Value:
        function = inner.argument(0) or NOTHING
        for value in _returned(run, function, inner.place):
            bind(run, value, _provider(run, function), replace=True)
        return function

    return Function("dependency_definition", body)


_INTEGRATIONS = ("FastApiIntegration", "FlaskIntegration", "StarletteIntegration")
"""lagom's, whose ``depends(Store)`` is a parameter's default (https://lagom-di.readthedocs.io/en/latest/framework_integrations/)."""

_METHODS = {
    "resolve": _resolve,
    "get": _resolve,
    "instantiate": _resolve,
    "create_object": _resolve,
    "resolve_all": _all,
    "register": _register,
    "bind": _register,
    "multibind": _register,
    "define": _register,
    "install": _install,
    "call_with_injection": _with_injection,
    "magic_partial": _partial,
    "partial": _partial,
    "depends": lambda site, run: Wanted(site.argument(0)),
    "clone": lambda site, run: Container(),
    "create_child_injector": lambda site, run: _injector(site, run),
}


# injector's modules


def _injector(site: CallSite, run: Machine) -> Value:
    """``Injector([module, …])``: each module is a function, a class or an object that binds."""
    given = site.argument(0, "modules") or NOTHING
    for option in options(given):
        for each in option.held() if isinstance(option, Sequence) else (option,):
            for module in options(each):
                _configure(run, module, site.place)
    return Container()


def _configure(run: Machine, module: Value, place: Place) -> None:
    if isinstance(module, Const | UnknownValue):
        return
    if isinstance(module, FunctionValue):
        run.call(module, (Container(),), place)
        return
    made = run.call(module, (), place) if isinstance(module, ClassValue) else module
    for option in options(made):
        if not isinstance(option, Instance):
            continue
        special.call(run, option, "configure", (Container(),), place)
        for cls in option.cls.ancestry():
            for member in list(cls.fields.values()) if isinstance(cls, ClassValue) else ():
                if isinstance(member, FunctionValue) and noted(run, "provider", member):
                    bound = bind_method(run, member, option, place)
                    for token in _returned(run, member, place):
                        bind(run, token, _of(run, bound))


def _of(run: Machine, bound: Value) -> Provider:
    return Provider(lambda place: called(run, bound, (), place))
