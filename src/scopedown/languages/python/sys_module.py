"""Python's ``sys``: the folders that code adds to ``sys.path`` are looked in for modules."""

from __future__ import annotations

from functools import cache

from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, EnvVar, Literal, Sequence, UnknownValue, Value, as_text, options
from scopedown.core.place import Place
from scopedown.languages.python.collections import library
from scopedown.languages.python.natives import NOTHING, Body, Function, Library
from scopedown.languages.python.objects import Modules

MAX_FOLDERS = 50
"""Folders that one handler's code may add."""


def _folder(value: Value) -> str | None:
    """The text of a path that is known; Lambda's own variable for the code's folder is."""
    text = as_text(value)
    parts = text.parts if text is not None else ()
    if parts and isinstance(parts[0], EnvVar) and parts[0].name == "LAMBDA_TASK_ROOT":
        rest = "".join(part.value for part in parts[1:] if isinstance(part, Literal))
        return "/var/task" + rest if all(isinstance(part, Literal) for part in parts[1:]) else None
    return text.literal if text is not None else None


def _add(run: Machine, value: Value, before: bool) -> None:
    for option in options(value):
        folder = _folder(option) if not (isinstance(option, Const) and not isinstance(option.value, str)) else None
        if folder is None or len(run.heap.search) >= MAX_FOLDERS:
            continue
        for found in run.sources.search_path(folder, before):
            if found not in run.heap.search:
                run.heap.search.append(found)


def _each(run: Machine, value: Value | None, before: bool) -> None:
    for item in value.items if isinstance(value, Sequence) else ():
        _add(run, item, before)


class SearchPath(Native):
    """``sys.path``."""

    __slots__ = ()
    label = "sys.path"

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """The methods of a list that add to it."""
        bodies: dict[str, Body] = {"append": _append, "insert": _insert, "extend": _extend}
        body = bodies.get(name)
        return Library(f"sys.path.{name}") if body is None else Function(f"sys.path.{name}", body)

    def operate(self, operator: str, other: Value, place: Place) -> Value | None:
        """``sys.path + [folder]``: what is added to it."""
        return other if operator == "+" and isinstance(other, Sequence) else None

    def iterate(self, run: Machine, place: Place) -> Value:
        """One of its folders."""
        return UnknownValue("a folder of sys.path", place)


def _append(site: CallSite, run: Machine) -> Value:
    if site.positional:
        _add(run, site.positional[0], False)
    return NOTHING


def _insert(site: CallSite, run: Machine) -> Value:
    if len(site.positional) > 1:
        _add(run, site.positional[1], True)
    return NOTHING


def _extend(site: CallSite, run: Machine) -> Value:
    _each(run, site.argument(0), False)
    return NOTHING


class Sys(Library):
    """``sys``."""

    __slots__ = ()

    def assign(self, name: str, value: Value, run: Machine, place: Place) -> None:
        """``sys.path = […]`` and ``sys.path += […]``; hooks (``sys.excepthook``) as in any library."""
        if name == "path":
            _each(run, value, True)
        else:
            super().assign(name, value, run, place)


@cache
def table() -> dict[str, Value]:
    """``sys``, and ``site`` whose ``addsitedir`` adds a folder too."""
    return {
        "sys": Sys("sys", {"path": SearchPath(), "modules": Modules()}),
        "site": library("site", addsitedir=_append),
    }
