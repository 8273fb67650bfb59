"""InversifyJS: a container of bindings (https://inversify.io/docs/api/container/, …/docs/api/binding-syntax/).

``bind(token).to(Class)`` and its like bind; what else follows in the chain (scopes, conditions) tells nothing. Of the
same container: ``inversify-inject-decorators`` and the controllers of ``inversify-express-utils``.
"""

from __future__ import annotations

from scopedown.calls.builtins.javascript_native import NOTHING, Function, Platform, Quiet
from scopedown.calls.interpreter.injection import (
    All,
    Wanted,
    bind,
    note,
    of_alias,
    of_factory,
    of_target,
    of_value,
    resolve,
    resolve_all,
    single,
)
from scopedown.calls.libraries.containers.nestjs import Application, Served
from scopedown.calls.libraries.containers.provider_objects import Methods, decorator
from scopedown.calls.machine import Machine
from scopedown.calls.machine.state import Provider
from scopedown.calls.values import CallSite, ClassValue, External, Object, UnknownValue, Value


def module(name: str) -> Value | None:
    """A package."""
    if name == "inversify-inject-decorators":
        lazy = {"lazyInject": _wanted("lazyInject"), "lazyInjectNamed": _wanted("lazyInjectNamed")}
        return Function(name, lambda site, run: Object({**lazy, "lazyMultiInject": _all("lazyMultiInject")}))
    if name == "inversify-binding-decorators":
        provide = decorator("provide", _provided)
        return Platform(name, {"provide": provide, "buildProviderModule": Function("m", lambda site, run: NOTHING)})
    if name == "inversify-express-utils":
        served = {one: decorator(one, _route) for one in _ROUTES}
        server = Function("InversifyExpressServer", _server)
        return Platform(
            name, {**served, "controller": decorator("controller", _controller), "InversifyExpressServer": server}
        )
    container = Function("Container", lambda site, run: _container())
    return Platform(
        name,
        {
            "Container": container,
            "ContainerModule": Function("ContainerModule", _module),
            "AsyncContainerModule": Function("AsyncContainerModule", _module),
            "injectable": decorator("injectable"),
            "injectFromBase": decorator("injectFromBase"),
            "decorate": Function("decorate", lambda site, run: NOTHING),
            "inject": _wanted("inject"),
            "multiInject": _all("multiInject"),
            "LazyServiceIdentifer": _lazy(),
            "LazyServiceIdentifier": _lazy(),
            "postConstruct": decorator("postConstruct"),
        },
    )


_ROUTES = ("all", "httpGet", "httpPost", "httpPut", "httpPatch", "httpDelete", "httpHead", "httpMethod")
"""https://github.com/inversify/monorepo/tree/main/packages/framework/http (inversify-express-utils' README)"""


def _route(target: Value, made: CallSite, run: Machine) -> None:
    note(run, "route", target, NOTHING)


def _controllers(run: Machine) -> list[Value]:
    return run.heap.bindings.notes.setdefault(("controllers", 0), [])


def _controller(target: Value, made: CallSite, run: Machine) -> None:
    _controllers(run).append(target)


def _server(site: CallSite, run: Machine) -> Value:
    """``new InversifyExpressServer(container)``: whoever uses it serves the controllers."""
    served = Application(Served(controllers=_controllers(run)), site.place)
    return External("an express server", [served.routes(run)])


def _wanted(name: str) -> Function:
    return Function(name, lambda site, run: Wanted(site.argument(0)))


def _all(name: str) -> Function:
    return Function(name, lambda site, run: All(site.argument(0)))


def _lazy() -> Function:
    """``new LazyServiceIdentifier(() => Class)``: the token itself."""
    return Function("LazyServiceIdentifier", lambda site, run: run.call(site.argument(0) or NOTHING, (), site.place))


def _get(site: CallSite, run: Machine) -> Value:
    return resolve(run, site.argument(0) or NOTHING, site.place)


def _get_all(site: CallSite, run: Machine) -> Value:
    return resolve_all(run, site.argument(0) or NOTHING, site.place)


def _container() -> Methods:
    return Methods(
        "a container",
        {
            **dict.fromkeys(("get", "getAsync", "getNamed", "getNamedAsync", "getTagged", "getTaggedAsync"), _get),
            **dict.fromkeys(("tryGet", "tryGetNamed", "resolve"), _get),
            **dict.fromkeys(("getAll", "getAllAsync", "getAllNamed", "getAllTagged"), _get_all),
            "bind": lambda site, run: _binding(site.argument(0) or NOTHING),
            "rebind": lambda site, run: _binding(site.argument(0) or NOTHING, True),
            "load": _load,
            "loadAsync": _load,
            "loadSync": _load,
            "isBound": lambda site, run: UnknownValue("a test", site.place),
        },
    )


def _load(site: CallSite, run: Machine) -> Value:
    """Modules that are made by ``new ContainerModule(f)`` have bound already."""
    return NOTHING


def _module(site: CallSite, run: Machine) -> Value:
    """``new ContainerModule((bind, unbind, isBound, rebind) => …)``, from version 7 on ``({bind, …}) => …``."""
    make = Function("bind", lambda inner, run: _binding(inner.argument(0) or NOTHING))
    again = Function("rebind", lambda inner, run: _binding(inner.argument(0) or NOTHING, True))
    function = site.argument(0) or NOTHING
    first = _Bind(make, again)
    run.call(function, (first, Quiet("unbind"), Quiet("isBound"), again), site.place)
    return Quiet("a container's module")


class _Bind(Function):
    """The first argument of a module's function: ``bind`` itself, or an object that has it."""

    __slots__ = ()

    def __init__(self, make: Function, again: Function) -> None:
        super().__init__("bind", make.body, None, {"bind": make, "rebind": again, "rebindSync": again})


def _binding(token: Value, replace: bool = False) -> Methods:
    """What ``bind(token)`` gives."""
    chain = Quiet("a binding")

    def to(site: CallSite, run: Machine) -> Value:
        return _bound(run, of_target(run, site.argument(0) or NOTHING))

    def itself(site: CallSite, run: Machine) -> Value:
        if isinstance(token, ClassValue):
            return _bound(run, Provider(lambda place: single(run, token, place)))
        return chain

    def constant(site: CallSite, run: Machine) -> Value:
        return _bound(run, of_value(site.argument(0) or NOTHING))

    def dynamic(site: CallSite, run: Machine) -> Value:
        return _bound(run, of_factory(run, site.argument(0) or NOTHING, lambda place: (_context(),)))

    def service(site: CallSite, run: Machine) -> Value:
        return _bound(run, of_alias(run, site.argument(0) or NOTHING))

    def automatic(site: CallSite, run: Machine) -> Value:
        asked = site.argument(0) or NOTHING
        make = Function("a factory", lambda inner, run: resolve(run, asked, inner.place))
        return _bound(run, of_value(make))

    def _bound(run: Machine, provider: Provider) -> Value:
        bind(run, token, provider, replace)
        return Methods("a binding", {})

    return Methods(
        "a binding",
        {
            "to": to,
            "toSelf": itself,
            "toConstantValue": constant,
            "toConstructor": constant,
            "toFunction": constant,
            **dict.fromkeys(("toDynamicValue", "toFactory", "toProvider", "toResolvedValue"), dynamic),
            "toService": service,
            "toAutoFactory": automatic,
            "toAutoNamedFactory": automatic,
        },
    )


def _context() -> Value:
    container = _container()
    members: dict[str, Value] = {name: Function(name, body) for name, body in container.methods.items()}
    return Object({**members, "container": container}, Quiet("a context"))


def _provided(target: Value, made: CallSite, run: Machine) -> None:
    bind(run, made.argument(0) or target, of_target(run, target))
