"""Texts in Go's standard library: what the rows of ``builtins.tsv`` cannot say."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from pathlib import Path
from typing import Final

from scopedown.calls.builtins.builtin_call import Call, Habits
from scopedown.calls.builtins.builtin_table import Builtins
from scopedown.calls.builtins.text_effects import Builder
from scopedown.calls.interpreter.operators import concatenate
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, UnknownValue, Value
from scopedown.core.place import Place
from scopedown.languages.go.natives import first, literal_of, plain, with_error


class _Habits(Habits):
    """A text may be of a defined type."""

    def plain(self, value: Value, run: Machine, place: Place) -> Value:
        """The value without the name of its type."""
        return plain(value)


def _path(call: Call) -> Value:
    parts: list[Value] = []
    for position, value in enumerate(call.site.positional):
        text = literal_of(value)
        held = Const(text.strip("/") if position else text.rstrip("/")) if text is not None else plain(value)
        if text != "":
            parts += [Const("/"), held] if parts else [held]
    if not call.site.complete:
        parts.append(UnknownValue("a part of a path", call.place))
    return concatenate(tuple(parts)) if parts else Const("")


def _path_part(change: Callable[[str], str]) -> Callable[[Call], Value]:
    def verb(call: Call) -> Value:
        text = literal_of(first(call.site))
        return UnknownValue("a part of a path", call.place) if text is None else Const(change(text))

    return verb


BUILTINS: Final = Builtins(
    Path(__file__).with_name("builtins.tsv"),
    _Habits(),
    {
        "line": lambda call: concatenate((*map(plain, call.site.positional), Const("\n"))),
        "path": _path,
        "path-base": _path_part(posixpath.basename),
        "path-dir": _path_part(posixpath.dirname),
        "quote": lambda call: concatenate((Const('"'), plain(first(call.site)), Const('"'))),
        "with-error": lambda call: with_error(first(call.site), call.place),
    },
)


class BuilderType(Native):
    """``strings.Builder``."""

    __slots__ = ()
    label = "strings.Builder"

    def construct(self, site: CallSite, run: Machine) -> Value:
        """A builder."""
        return Builder(Const(""), run.position.conditional, BUILTINS)
