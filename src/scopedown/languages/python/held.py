"""Python's weak references and context decorators."""

from __future__ import annotations

from scopedown.calls.interpreter import dunder_methods as special
from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Value, join
from scopedown.core.place import Place
from scopedown.languages.python.collections import library
from scopedown.languages.python.natives import NOTHING, Function, Library, call, first_of


def modules() -> Library:
    """``weakref``, of which a reference, called, is what it refers to."""
    return library("weakref", ref=_reference)


def _reference(site: CallSite, run: Machine) -> Value:
    for gone in site.positional[1:2]:
        run.escape(gone, site.place)
    return Function("a reference", lambda inner, run: first_of(site))


class ContextDecorator(Native):
    """``contextlib.ContextDecorator``: an object of a class of it, as a decorator, is entered around the function."""

    __slots__ = ()

    def member(self, owner: Value, name: str, run: Machine, place: Place) -> Value | None:
        """``__call__``."""
        return Function(name, lambda site, run: self._around(owner, first_of(site))) if name == "__call__" else None

    def _around(self, owner: Value, decorated: Value) -> Value:
        def body(site: CallSite, run: Machine) -> Value:
            members.enter(run, owner, site.place)
            result = call(run, decorated, site)
            return join(result, NOTHING) if special.leave(run, owner, site.place) else result

        return Function("a decorated function", body, owner)
