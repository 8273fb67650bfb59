"""Helpers of much-used libraries through which names and clients go: Guava, Apache Commons, Spring's, dotenv, Vavr.

Sources: https://guava.dev/releases/snapshot-jre/api/docs/, https://commons.apache.org/proper/commons-lang/apidocs/,
https://docs.spring.io/spring-framework/docs/current/javadoc-api/org/springframework/util/package-summary.html,
https://github.com/cdimascio/dotenv-java.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from scopedown.calls.builtins.builtin_call import Call
from scopedown.calls.builtins.builtin_table import Builtins
from scopedown.calls.builtins.list_effects import add
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, Object, Sequence, Value
from scopedown.core.place import Place
from scopedown.languages.java.collections_of import BUILTINS, classes_of, or_else
from scopedown.languages.java.environment import environment_variable
from scopedown.languages.java.holders import JavaHabits
from scopedown.languages.java.natives import JavaClass, bound, computed, first_of, given, is_null, otherwise


def _first_of(call: Call) -> Value:
    """``ObjectUtils.firstNonNull(a, b)``."""
    found: Value = Const(None)
    for value in reversed(call.site.positional):
        found = value if is_null(found) else otherwise(value, found)
    return found


def _variable(site: CallSite, run: Machine) -> Value:
    found = environment_variable(first_of(site), site.place)
    return otherwise(found, given(site, 1)) if len(site.positional) > 1 else found


class Gathering(Native):
    """A builder of a collection (``ImmutableMap.builder()``)."""

    __slots__ = ("made",)
    label = "a builder of a collection"

    def __init__(self, made: Object | Sequence) -> None:
        self.made = made

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``put``, ``add``, ``build``."""
        if name.startswith("build"):
            return bound(self, name, lambda site, run: self.made)
        if name in ("put", "add", "putAll", "addAll"):
            return bound(self, name, lambda site, run: self._add(name, site, run))
        return computed(name)

    def _add(self, name: str, site: CallSite, run: Machine) -> Value:
        if name == "add" and isinstance(self.made, Sequence):  # several at once
            add(run, self.made, *site.positional)
        elif (method := BUILTINS.member(self.made, name, run, site.place)) is not None:
            run.call_value(method, site)
        return self


class Dotenv(Native):
    """Variables of the environment, and of a file that a function does not have."""

    __slots__ = ()
    label = "the variables of the environment"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """``get("NAME")``; what sets it up gives it again."""
        if name == "get":
            return bound(self, name, _variable)
        return bound(self, name, lambda site, run: self)


def _builder(call: Call, kind: str) -> Value:
    return Gathering(Sequence() if kind == "list" else Object(born=call.run.position.conditional))


@cache
def classes() -> dict[str, JavaClass]:
    """The classes, by their full names."""
    return classes_of(_HELPERS)


_HELPERS: Final = Builtins(
    Path(__file__).with_name("helpers.tsv"),
    JavaHabits(),
    {
        "or-else": or_else,
        "first-of": _first_of,
        "builder": _builder,
        "variable": lambda call: _variable(call.site, call.run),
        "dotenv": lambda call: Dotenv(),
    },
)


def module(name: str) -> Value | None:
    """A class, or a static member of one that a file imports; None for other names."""
    known = classes()
    if name in known:
        return known[name]
    owner, _, member = name.rpartition(".")
    return known[owner].statics.get(member) if owner in known else None
