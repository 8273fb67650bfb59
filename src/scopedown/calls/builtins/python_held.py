"""Python's queues, context variables and weak references, which give back what they hold; context decorators."""

from __future__ import annotations

from scopedown.calls.bounds import HELD
from scopedown.calls.builtins.python_native import NOTHING, Function, Library, call, first_of, silent
from scopedown.calls.builtins.standard_library import library
from scopedown.calls.interpreter import dunder_methods as special
from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, UnknownValue, Value, join
from scopedown.core.place import Place

_QUEUES = ("Queue", "SimpleQueue", "LifoQueue", "PriorityQueue", "JoinableQueue")


def queues() -> dict[str, Value]:
    """The classes of ``queue``, which ``asyncio`` and ``multiprocessing`` have too."""
    return {one: Function(one, lambda site, run: Holder()) for one in _QUEUES}


def modules() -> tuple[Library, Library]:
    """``contextvars`` and ``weakref``, of which a reference, called, is what it refers to."""
    return library("contextvars", ContextVar=_context_variable), library("weakref", ref=_reference)


def _context_variable(site: CallSite, run: Machine) -> Value:
    return Holder(site.argument(-1, "default"))


def _reference(site: CallSite, run: Machine) -> Value:
    for gone in site.positional[1:2]:
        run.escape(gone, site.place)
    return Function("a reference", lambda inner, run: first_of(site))


class Holder(Native):
    """A queue or a context variable: what was put is what comes out."""

    __slots__ = ("held",)

    def __init__(self, first: Value | None = None) -> None:
        self.held: list[Value] = [] if first is None else [first]

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``put`` and ``set``, ``get``."""
        if name in ("put", "put_nowait", "set"):
            return Function(name, self._put, self)
        if name in ("get", "get_nowait"):
            return Function(name, self._get, self)
        return silent(name)

    def _put(self, site: CallSite, run: Machine) -> Value:
        value = first_of(site)
        if not any(one is value for one in self.held):
            if len(self.held) < HELD.most:
                self.held.append(value)
            else:
                run.bound(HELD, site.place)
        return NOTHING

    def _get(self, site: CallSite, run: Machine) -> Value:
        # In a loop, what its body puts may come next.
        further = UnknownValue("an element of a queue", site.place, inert=bool(self.held))
        return join(*self.held, *((further,) if run.position.conditional or not self.held else ()))


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
