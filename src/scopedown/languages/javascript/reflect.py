"""``Reflect`` and ``Proxy``: calls and members that code reaches by way of a function or a handler.

Sources: https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/Reflect and …/Proxy.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.interpreter import members, trail
from scopedown.calls.machine import Machine
from scopedown.calls.values import (
    CallSite,
    Const,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    UnknownValue,
    Value,
    join,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.javascript.natives import (
    NOTHING,
    JavaScriptNative,
    Platform,
    function,
    given,
    silent,
    spread,
    universal,
)


def _applied(site: CallSite, run: Machine) -> Value:
    """``Reflect.apply(function, this, arguments)``."""
    target = site.argument(0) or NOTHING
    apply = universal(target, "apply")
    if apply is None:
        return run.call(target, spread(site.argument(2))[0], site.place)
    return run.call_value(apply, CallSite(site.positional[1:], {}, site.place, site.complete))


def _constructed(site: CallSite, run: Machine) -> Value:
    """``Reflect.construct(Class, arguments)``."""
    _with_receiver(site, 2, run)
    positional, complete = spread(site.argument(1))
    made = CallSite(positional, {}, site.place, complete)
    return run.call_value(site.argument(0) or NOTHING, made, new=True)


def _got(site: CallSite, run: Machine) -> Value:
    """``Reflect.get(object, name)``."""
    _with_receiver(site, 2, run)
    return members.index(run, site.argument(0) or NOTHING, site.argument(1) or NOTHING, site.place)


def _set(site: CallSite, run: Machine) -> Value:
    """``Reflect.set(object, name, value)``."""
    _with_receiver(site, 3, run)
    owner, name, value = (site.argument(position) or NOTHING for position in range(3))
    members.assign_index(run, owner, name, value, site.place)
    return Const(True)


def _with_receiver(site: CallSite, position: int, run: Machine) -> None:
    """What an accessor or a constructor does for another object than its own is not followed."""
    if len(site.positional) > position:
        trail.unsettle(run, "gives Reflect another receiver", site.place)


def reflect() -> Value:
    """The global ``Reflect``; what it does not know here, looks only."""
    return Platform(
        "Reflect",
        {
            "apply": function("Reflect.apply", _applied),
            "construct": function("Reflect.construct", _constructed),
            "get": function("Reflect.get", _got),
            "set": function("Reflect.set", _set),
        },
    )


def function_prototype() -> Value:
    """``Function.prototype``, whose ``call``, ``apply`` and ``bind`` are called on functions by their own ``call``."""
    return Platform("Function.prototype", {name: Uncurried(name) for name in ("call", "apply", "bind")})


@dataclass(frozen=True, slots=True, eq=False)
class Uncurried(JavaScriptNative):
    """``Function.prototype.call``: ``….call(function, this, …)`` is ``function.call(this, …)``."""

    label = "Function.prototype.{self.name}"
    name: str

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """``call``, ``apply`` and ``bind`` of it."""
        if name == "call":
            return function(name, lambda site, run: self._on(site.argument(0), site.positional[1:], site, run))
        if name == "apply":
            return function(name, lambda site, run: self._on(site.argument(0), spread(site.argument(1))[0], site, run))
        if name == "bind":
            return function(name, lambda site, run: universal(site.argument(0) or NOTHING, self.name) or NOTHING)
        return None

    def _on(self, target: Value | None, positional: tuple[Value, ...], site: CallSite, run: Machine) -> Value:
        found = universal(target or NOTHING, self.name)
        if found is None:
            return UnknownValue("a result", site.place)
        return run.call_value(found, CallSite(positional, {}, site.place, site.complete))


_LOOKING = frozenset(
    {"has", "deleteProperty", "ownKeys", "getOwnPropertyDescriptor", "defineProperty", "getPrototypeOf"}
)
"""Traps of what only looks at an object, or takes from it: they run where code does, which is not followed."""


def proxy(site: CallSite, run: Machine) -> Value:
    """``new Proxy(target, handler)``; a handler that is not seen may be anything, so the target alone is followed."""
    target, handler = site.argument(0) or NOTHING, site.argument(1) or NOTHING
    trail.unsettle(run, "makes a proxy", site.place)
    if not isinstance(handler, Object | Instance):
        run.escape(handler, site.place)
        return target
    for name in sorted(_LOOKING):
        if isinstance(handler, Object) and isinstance(trap := handler.fields.get(name), FunctionValue):
            run.call(members.bind(run, trap, handler, site.place), (target,), site.place)
    return Proxy(target, handler)


def revocable(site: CallSite, run: Machine) -> Value:
    """``Proxy.revocable(target, handler)``."""
    return Object({"proxy": proxy(site, run), "revoke": silent("revoke")})


@dataclass(frozen=True, slots=True, eq=False)
class Proxy(JavaScriptNative):
    """An object whose handler is asked first."""

    label = "a proxy"
    target: Value
    handler: Object | Instance

    def _trap(self, name: str, run: Machine, place: Place) -> Value | None:
        if isinstance(self.handler, Object) and name not in self.handler.fields:
            return None
        found = run.attribute(self.handler, name, place)
        return None if isinstance(found, UnknownValue) or not given(found) else found

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What ``get`` gives, else the target's member."""
        if name in ("then", "catch", "finally", "default"):
            return super().attribute(name, run, place)
        trap = self._trap("get", run, place)
        if trap is None:
            return run.attribute(self.target, name, place)
        return run.call(trap, (self.target, Const(name), self), place)

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``proxy[name]``."""
        found: list[Value] = []
        for option in options(key):
            if isinstance(option, Const):
                found.append(self.attribute(str(option.value), run, place))
            elif (trap := self._trap("get", run, place)) is not None:
                found.append(run.call(trap, (self.target, option, self), place))
            else:
                found.append(members.index(run, self.target, option, place))
        return join(*found)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """What ``set`` does, else a write to the target."""
        trap = self._trap("set", run, place)
        if trap is None:
            members.assign(run, self.target, name, value, place)
        else:
            run.call(trap, (self.target, Const(name), value, self), place)

    def call(self, site: CallSite, run: Machine) -> Value:
        """What ``apply`` gives, else a call of the target."""
        trap = self._trap("apply", run, site.place)
        if trap is None:
            return run.call_value(self.target, site)
        return run.call(trap, (self.target, NOTHING, Sequence(list(site.positional))), site.place)

    def construct(self, site: CallSite, run: Machine) -> Value:
        """What ``construct`` gives, else an object of the target."""
        trap = self._trap("construct", run, site.place)
        if trap is None:
            return run.call_value(self.target, site, new=True)
        return run.call(trap, (self.target, Sequence(list(site.positional)), self), site.place)

    def escaped(self, run: Machine, place: Place) -> None:
        """Both may run."""
        run.escape(self.target, place)
        run.escape(self.handler, place)
