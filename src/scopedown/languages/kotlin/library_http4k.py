"""http4k: routes, filters and contracts, whose handlers answer requests.

https://www.http4k.org/ecosystem/http4k/. A handler is a function of a request, or an object of a class with ``invoke``.
Whatever is handed to http4k answers; blocks fill what they are given.
"""

from __future__ import annotations

from dataclasses import dataclass

from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import (
    CallSite,
    FunctionValue,
    Instance,
    Object,
    Sequence,
    UnknownValue,
    Value,
    options,
)
from scopedown.core.place import Place
from scopedown.languages.kotlin.scoping import with_this

LANGUAGE = "kotlin"
PACKAGES = ("org.http4k",)

_MAX_DEPTH = 8
"""Functions that give functions, and lists in lists, that are followed."""


def module(name: str) -> Value | None:
    """A class or function of http4k by its full name; what calls AWS is none of it."""
    return None if name.startswith(("org.http4k.aws", "org.http4k.connect.amazon")) else Http4k(name)


@dataclass(frozen=True, slots=True, eq=False)
class Http4k(Native):
    """Something of http4k."""

    label = "{self.name}"
    name: str

    accepts_members = True
    """Blocks write its members by their names alone."""

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """More of the same."""
        return Http4k(f"{self.name}.{name}")

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """A header, a part of a path: data."""
        return UnknownValue(f"element of {self.name}", place, inert=True)

    def call(self, site: CallSite, run: Machine) -> Value:
        """Handlers among the arguments answer; what comes of it is of http4k again."""
        for value in site.all():
            serve(run, value, site.place)
        return Http4k(self.name)

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """``routes += "/x" to handler``."""
        serve(run, value, place)

    def operate(self, operator: str, other: Value, place: Place) -> Value | None:
        """``routes + route``: the handlers are found by what is assigned."""
        return Sequence([other]) if operator == "+" else None


def serve(run: Machine, value: Value, place: Place, depth: int = _MAX_DEPTH) -> None:
    """What is handed to http4k answers a request."""
    if depth <= 0:
        return
    request = UnknownValue("a request", place, inert=True)
    for option in options(value):
        match option:
            case FunctionValue():
                given = () if len(option.function.parameters) == 0 else (request,)
                block = Http4k("a block")
                made = with_this(run, option, block, given, place) if _fills(option) else run.call(option, given, place)
                serve(run, made, place, depth - 1)
            case Instance() if members.member_of_class(run, option.cls, "invoke", option, place) is not None:
                answer = members.attribute(run, option, "invoke", place)
                serve(run, run.call(answer, (request,), place), place, depth - 1)
            case Sequence() | Object():
                for held in option.held():
                    serve(run, held, place, depth - 1)
            case _:
                pass


def _fills(function: FunctionValue) -> bool:
    """Whether a block without parameters of its own may speak of an object as ``this``."""
    parameters = function.function.parameters
    return function.function.receiver == "lexical" and (not parameters or parameters[0].name == "it")
