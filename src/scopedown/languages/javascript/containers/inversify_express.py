"""inversify-express-utils: controllers that an express server serves
(https://github.com/inversify/monorepo/tree/main/packages/framework/http)."""

from __future__ import annotations

from scopedown.calls.interpreter.injection import note
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, External, Value
from scopedown.languages.javascript.containers.nestjs import Application, Served
from scopedown.languages.javascript.containers.objects import decorator
from scopedown.languages.javascript.natives import NOTHING, Function, Platform

_ROUTES = ("all", "httpGet", "httpPost", "httpPut", "httpPatch", "httpDelete", "httpHead", "httpMethod")


def module(name: str) -> Value | None:
    """The package."""
    served = {one: decorator(one, lambda target, made, run: note(run, "route", target, NOTHING)) for one in _ROUTES}
    controller = decorator("controller", lambda target, made, run: _controllers(run).append(target))
    server = Function("InversifyExpressServer", _server)
    return Platform(name, {**served, "controller": controller, "InversifyExpressServer": server})


def _controllers(run: Machine) -> list[Value]:
    return run.heap.bindings.notes.setdefault(("controllers", 0), [])


def _server(site: CallSite, run: Machine) -> Value:
    """``new InversifyExpressServer(container)``: whoever uses it serves the controllers."""
    served = Application(Served(controllers=_controllers(run)), site.place)
    return External("an express server", [served.routes(run)])
