"""Functions that models of any language make."""

from __future__ import annotations

from typing import Final

from scopedown.calls.machine.native import Body, Function
from scopedown.calls.values import CallSite, Const, UnknownValue, Value

NOTHING: Final = Const(None)
"""``None``, ``null``, ``nil``, ``undefined``, ``()``."""


def first_of(site: CallSite) -> Value:
    """The first argument by position; nothing where there is none."""
    return site.positional[0] if site.positional else NOTHING


def bound(receiver: Value, name: str, body: Body) -> Function:
    """A method of ``receiver``."""
    return Function(name, body, receiver)


def silent(name: str) -> Function:
    """A function that gives nothing and does nothing that matters."""
    return Function(name, lambda site, run: NOTHING)


def data(name: str) -> Function:
    """A function that gives data of which nothing is known."""
    return Function(name, lambda site, run: UnknownValue(f"result of {name}()", site.place, inert=True))


def identity(name: str) -> Function:
    """A function that gives back its first argument: a decorator without effect on calls, a copy, a cast."""
    return Function(name, lambda site, run: first_of(site))
