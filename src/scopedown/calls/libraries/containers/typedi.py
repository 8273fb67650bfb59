"""typedi: a container of services (https://docs.typestack.community/typedi)."""

from __future__ import annotations

from scopedown.calls.builtins.javascript_native import NOTHING, Function, JavaScriptNative, Platform, given
from scopedown.calls.interpreter.injection import All, Wanted, bind, of_target, of_value, resolve, resolve_all
from scopedown.calls.libraries.containers.provider_objects import Methods, bind_all, decorator, provider_of
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, ClassValue, Const, FunctionValue, Object, Sequence, Value


def module(name: str) -> Value | None:
    """The package."""
    container = _container()
    return Platform(
        name,
        {
            "Container": container,
            **{one: Function(one, body) for one, body in container.methods.items()},  # it is the default export too
            "Service": decorator("Service", _service),
            "Inject": Function("Inject", lambda site, run: Wanted(_token(site, run))),
            "InjectMany": Function("InjectMany", lambda site, run: All(_token(site, run))),
            "Token": Function("Token", lambda site, run: _Token(site)),
        },
    )


class _Token(JavaScriptNative):
    """``new Token('name')``: each is its own."""

    __slots__ = ("site",)

    def __init__(self, site: CallSite) -> None:
        self.site = site


def _token(site: CallSite, run: Machine) -> Value | None:
    """``@Inject()``, ``@Inject('name')``, ``@Inject(() => Class)``."""
    token = site.argument(0)
    if isinstance(token, FunctionValue):
        return run.call(token, (), site.place)
    return token if given(token) else None


def _container() -> Methods:
    return Methods(
        "a container",
        {
            "get": lambda site, run: resolve(run, site.argument(0) or NOTHING, site.place),
            "getMany": lambda site, run: resolve_all(run, site.argument(0) or NOTHING, site.place),
            "set": _set,
            "provide": _set,
        },
    )


def _set(site: CallSite, run: Machine) -> Value:
    """``set(token, value)``, ``set({id, type})``, ``set([…])``."""
    token, value = site.argument(0) or NOTHING, site.argument(1)
    if value is None:
        bind_all(run, token, _container())
    else:
        bind(run, token, of_value(value), replace=True)
    return _container()


def _service(target: Value, made: CallSite, run: Machine) -> None:
    """``@Service()``, ``@Service('name')``, ``@Service({id, factory})``."""
    settings = made.argument(0)
    if not isinstance(target, ClassValue) or settings is None:
        return
    if not isinstance(settings, Object):
        if isinstance(settings, Const | JavaScriptNative) and given(settings):
            bind(run, settings, of_target(run, target))
        return
    if given(factory := settings.fields.get("factory")):
        if isinstance(factory, Sequence):  # a factory's class and its method
            owner, method = (*factory.items, NOTHING, NOTHING)[:2]
            made_by = resolve(run, owner, made.place)
            factory = run.attribute(made_by, str(method.value) if isinstance(method, Const) else "create", made.place)
        provider = provider_of(run, Object({"factory": factory or NOTHING}), _container())
        bind(run, settings.fields.get("id") or target, provider)
    elif "id" in settings.fields:
        bind(run, settings.fields["id"], of_target(run, target))
