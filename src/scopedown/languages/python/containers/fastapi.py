"""FastAPI: what ``Depends`` supplies to the functions that serve a request.

Source: https://fastapi.tiangolo.com/tutorial/dependencies/. The rest of FastAPI and Starlette is code that is not seen:
what is registered on an application runs by the escape rule.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.interpreter.injection import Wanted, called, of_types
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, ClassValue, External, FunctionValue, Value, join, options
from scopedown.core.place import Place
from scopedown.languages.python.natives import Function


def module(name: str) -> Value | None:
    """The package or a module of it."""
    return Package(name)


@dataclass(frozen=True, slots=True, eq=False)
class Package(Native):
    """Code that is not seen, but for ``Depends`` and ``Security``."""

    label = "{self.name}"
    name: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """A member."""
        if name in ("Depends", "Security"):
            return Function(name, lambda site, run: Depends(site))
        return External(f"{self.name}.{name}", receiver=External(self.name, module=True))


class Depends(Wanted):
    """``Depends(function)``, or ``Depends()`` of the annotated class. What it gives is made for each request."""

    __slots__ = ("of", "place")

    def __init__(self, site: CallSite) -> None:
        super().__init__(site.argument(0, "dependency"))
        self.of = self.token
        self.place = site.place

    def supplied(self, run: Machine, declared: tuple[Value, ...], place: Place) -> Value | None:
        """What the function gives for its own dependencies."""
        if self.of is None:
            return of_types(run, declared, place)
        found: list[Value] = []
        for option in options(self.of):
            if isinstance(option, ClassValue):
                found.append(run.construct(option, CallSite((), {}, place, complete=False)))
            elif isinstance(option, FunctionValue | Native):
                found.append(called(run, option, (), place))
            elif declared and (made := of_types(run, declared, place)) is not None:
                found.append(made)
            else:
                found.append(run.call_value(option, CallSite((), {}, place, complete=False)))
        return join(*found)

    def escaped(self, run: Machine, place: Place) -> None:
        """Among the dependencies of a route or a router, whose value nobody takes."""
        for option in options(self.of) if self.of is not None else ():
            run.escape(option, place)
