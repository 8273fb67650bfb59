"""Python's standard library as rows: ``standard_library.tsv``, and :func:`library` beside what Python code says here.

``on``      the module, or ``<Kind>``, the objects that a row makes; of an object, members without a row give
            what is not known
``member``  functions of it, separated by spaces
``gives``   what they give: an expression of :data:`GIVES`, ``decorator`` (one without effect on calls), or ``<Kind>``
``source``  where Python says so
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scopedown.calls.builtins.python_native import (
    Body,
    Function,
    Library,
    call,
    decorator,
    first_of,
    iterate,
    listed,
)
from scopedown.calls.interpreter import members
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, Sequence, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.core.tables import RowsByName

TABLE = Path(__file__).with_name("standard_library.tsv")
COLUMNS = ("on", "member", "gives", "source")


def call_now(site: CallSite, run: Machine) -> Value:
    """``f(function, *arguments)``: what schedules a call is taken as calling."""
    if not site.positional:
        return Const(None)
    return call(run, site.positional[0], CallSite(site.positional[1:], site.keywords, site.place, site.complete))


GIVES: Mapping[str, Body] = {
    "$0": lambda site, run: first_of(site),
    "call $0": call_now,
    "call $1": lambda site, run: call_now(CallSite(site.positional[1:], site.keywords, site.place, site.complete), run),
    "enter $0": lambda site, run: members.enter(run, first_of(site), site.place),
    "list $0": lambda site, run: listed(run, first_of(site), site.place),
    "one of $0": lambda site, run: iterate(run, first_of(site), site.place),
    "any of $0": lambda site, run: Sequence([], iterate(run, first_of(site), site.place)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Kind(Native):
    """An object of the library of which rows say all that matters."""

    name: str

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """What a row says, else a method without effect on calls, of whose answer nothing is known."""
        return rows(self.name).get(name) or Function(
            name, lambda site, run: UnknownValue(f"what {name} gives", site.place, inert=True)
        )

    def suppresses(self) -> bool:
        """It may (``contextlib.ExitStack``)."""
        return True

    def describe(self) -> str:
        """Its class."""
        return self.name.strip("<>").rpartition(".")[2]


def library(name: str, **known: Value | Body) -> Library:
    """A module of the library: its rows, and what Python code says of its members."""
    return Library(name, {**rows(name), **{member: _valued(f"{name}.{member}", one) for member, one in known.items()}})


def _valued(name: str, known: Value | Body) -> Value:
    return known if isinstance(known, Value) else Function(name, known)


@cache
def rows(on: str) -> Mapping[str, Value]:
    """The members of a module or kind that rows describe."""
    return dict(member for found in _tables().get(on, ()) for member in found)


@cache
def _tables() -> RowsByName[list[tuple[str, Value]]]:
    return RowsByName((TABLE,), lambda cells: [_members(cells)], COLUMNS)


def _members(cells: Mapping[str, str]) -> list[tuple[str, Value]]:
    on, gives = cells["on"], cells["gives"]
    prefix = "" if on.startswith("<") else f"{on}."
    return [(member, _function(prefix + member, gives)) for member in cells["member"].split()]


def _function(name: str, gives: str) -> Value:
    if gives == "decorator":
        return decorator(name)
    return Function(name, (lambda site, run: Kind(gives)) if gives.startswith("<") else GIVES[gives])
