"""tsyringe: a container of classes (https://github.com/microsoft/tsyringe#api)."""

from __future__ import annotations

from scopedown.calls.builtins.javascript_native import NOTHING, Function, Platform, given, identity
from scopedown.calls.interpreter.injection import All, Wanted, bind, of_alias, of_target, of_value, resolve, resolve_all
from scopedown.calls.libraries.containers.provider_objects import Methods, bind_all, decorator, provider_of
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, ClassValue, Object, Sequence, Value, join


def module(name: str) -> Value | None:
    """The package."""
    container = _container()
    return Platform(
        name,
        {
            "container": container,
            "injectable": decorator("injectable", _injectable),
            "singleton": decorator("singleton", _injectable),
            "scoped": decorator("scoped"),
            "autoInjectable": decorator("autoInjectable", _automatic),
            "registry": decorator("registry", _registry),
            "inject": Function("inject", lambda site, run: Wanted(site.argument(0))),
            "injectAll": Function("injectAll", lambda site, run: All(site.argument(0))),
            "delay": Function("delay", lambda site, run: run.call(site.argument(0) or NOTHING, (), site.place)),
            "instanceCachingFactory": identity("instanceCachingFactory"),
            "instancePerContainerCachingFactory": identity("instancePerContainerCachingFactory"),
            "predicateAwareClassFactory": Function("predicateAwareClassFactory", _either),
        },
    )


def _container() -> Methods:
    return Methods(
        "a container",
        {
            "resolve": lambda site, run: resolve(run, site.argument(0) or NOTHING, site.place),
            "resolveAll": lambda site, run: resolve_all(run, site.argument(0) or NOTHING, site.place),
            "register": _register,
            "registerType": _register,
            "registerSingleton": _register,
            "registerInstance": _register_instance,
            "dispose": lambda site, run: NOTHING,
        },
    )


def _register(site: CallSite, run: Machine) -> Value:
    """``register(token, provider)``, ``registerSingleton(token, class)`` or of a class alone."""
    token, described = site.argument(0) or NOTHING, site.argument(1)
    made = described if described is not None and given(described) else token
    if isinstance(made, ClassValue | Object):
        bind(run, token, provider_of(run, made, _container()))
    else:
        bind(run, token, of_alias(run, made))
    return _container()


def _register_instance(site: CallSite, run: Machine) -> Value:
    bind(run, site.argument(0) or NOTHING, of_value(site.argument(1) or NOTHING))
    return _container()


def _injectable(target: Value, made: CallSite, run: Machine) -> None:
    """``@injectable({token})`` binds the class to further tokens."""
    settings = made.argument(0)
    token = settings.fields.get("token") if isinstance(settings, Object) else None
    if isinstance(target, ClassValue) and token is not None:
        for item in token.items if isinstance(token, Sequence) else (token,):
            bind(run, item, of_target(run, target))


def _automatic(target: Value, made: CallSite, run: Machine) -> None:
    if isinstance(target, ClassValue):
        run.heap.bindings.automatic.add(id(target))


def _registry(target: Value, made: CallSite, run: Machine) -> None:
    bind_all(run, made.argument(0), _container())


def _either(site: CallSite, run: Machine) -> Value:
    """``predicateAwareClassFactory(test, A, B)``: a factory of either."""

    def make(inner: CallSite, run: Machine) -> Value:
        classes = [value for value in site.positional[1:3] if isinstance(value, ClassValue)]
        return join(*(resolve(run, class_, inner.place) for class_ in classes)) if classes else NOTHING

    return Function("a factory", make)
