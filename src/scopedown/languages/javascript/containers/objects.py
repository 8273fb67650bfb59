"""What JavaScript's containers share: decorators, and objects with methods by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scopedown.calls.interpreter.injection import escape_bound
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Value
from scopedown.core.place import Place
from scopedown.languages.javascript.natives import NOTHING, Function, JavaScriptNative

Method = Callable[[CallSite, Machine], Value]


def decorator(name: str, action: Callable[[Value, CallSite, Machine], None] | None = None) -> Function:
    """``@name(…)``: a decorator that leaves what it decorates; ``action`` is told of that and of the arguments."""

    def outer(made: CallSite, run: Machine) -> Value:
        def inner(site: CallSite, run: Machine) -> Value:
            target = site.argument(0) or NOTHING
            if action is not None:
                action(target, made, run)
            return target

        if made.decorator:  # without parentheses
            bare = CallSite((), {}, made.place)
            if action is not None:
                action(made.argument(0) or NOTHING, bare, run)
            return made.argument(0) or NOTHING
        return Function(name, inner)

    return Function(name, outer)


@dataclass(frozen=True, slots=True, eq=False)
class Methods(JavaScriptNative):
    """An object with methods by name. An unknown one gives the object again, as the chains of containers have it."""

    label = "{self.name}"
    name: str
    methods: Mapping[str, Method]

    def own(self, name: str, run: Machine, place: Place) -> Value | None:
        """A method."""
        if name in ("then", "catch", "finally", "default"):
            return None
        found = self.methods.get(name)
        return Function(name, found or (lambda site, run: self), self)

    def escaped(self, run: Machine, place: Place) -> None:
        """Unseen code that has a container asks it for anything."""
        if self.name == "a container":
            escape_bound(run, place)
