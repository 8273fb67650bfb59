"""What rows of containers bind and ask for: ``container.bind`` and ``container.inject`` of a library's table.

``container.bind`` has ``token`` (or several in a list; without one what is described says its own) and how its value
is made: ``class``, ``value``, ``alias`` (another token), ``factory`` (``with``: its argument), ``described`` (an object
that says one of these, or a class), ``itself``; ``replace``: nothing counts that was bound before.
``container.inject``: a call of the class ``of`` gets what its parameters ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scopedown.calls.interpreter.injection import (
    All,
    Wanted,
    bind,
    of_alias,
    of_factory,
    of_target,
    of_value,
    resolve,
    resolve_all,
    single,
)
from scopedown.calls.libraries.provider_objects import bind_all, provider_of
from scopedown.calls.machine import Machine
from scopedown.calls.machine.state import Provider
from scopedown.calls.values import ClassValue, Const, Object, Sequence, Value, options
from scopedown.core.place import Place

CONTAINER = "container"
"""What ``call`` says in place of a service."""


def happens(run: Machine, name: str, given: Mapping[str, Value], container: Value) -> None:
    """What a row says of a container; ``given`` are its arguments."""
    if name == "inject":
        for option in options(given["of"]) if "of" in given else ():
            if isinstance(option, ClassValue):
                run.heap.bindings.automatic.add(id(option))
        return
    token = given.get("token")
    if token is None:
        bind_all(run, given.get("described"), container)
        return
    for one in token.items if isinstance(token, Sequence) else (token,):
        if (provider := _provider(run, one, given, container)) is not None:
            bind(run, one, provider, "replace" in given)


def _provider(run: Machine, token: Value, given: Mapping[str, Value], container: Value) -> Provider | None:
    if "value" in given:
        return of_value(given["value"])
    if "class" in given:
        return of_target(run, given["class"])
    if "alias" in given:
        return of_alias(run, given["alias"])
    if "factory" in given:
        argument = given.get("with")
        return of_factory(run, given["factory"], lambda place: () if argument is None else (argument,))
    described = given.get("described")
    if described is not None:
        plain = isinstance(described, ClassValue | Object)
        return provider_of(run, described, container) if plain else of_alias(run, described)
    return Provider(lambda place: single(run, token, place)) if isinstance(token, ClassValue) else None


ASKING: Mapping[str, Callable[[Value | None, Machine, Place], Value]] = {
    "resolved": lambda token, run, place: resolve(run, token or Const(None), place),
    "every": lambda token, run, place: resolve_all(run, token or Const(None), place),
    "wanted": lambda token, run, place: Wanted(token),
    "wanteds": lambda token, run, place: All(token),
}
"""The expressions of tables that ask a container: for one value or all, now or where a parameter is marked so."""
