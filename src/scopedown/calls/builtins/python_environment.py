"""Python's ``os``: the environment, and paths as text."""

from __future__ import annotations

import posixpath

from scopedown.calls.builtins.python_collections import library
from scopedown.calls.builtins.python_files import absolute, joined, path_text
from scopedown.calls.builtins.python_native import (
    NOTHING,
    Body,
    Function,
    first_of,
    silent,
    unknown,
)
from scopedown.calls.builtins.text_effects import describe
from scopedown.calls.interpreter.project_files import TASK_ROOT
from scopedown.calls.machine import Machine, Native
from scopedown.calls.values import CallSite, Const, Sequence, TextValue, UnknownValue, Value, as_text, join, options
from scopedown.core.place import Place
from scopedown.core.text import EnvVar, Text


def environment_variable(name: Value, default: Value | None, place: Place) -> Value:
    """The value of an environment variable, with what stands in where it is not set."""
    found: list[Value] = []
    for option in options(name):
        if not (isinstance(option, Const) and isinstance(option.value, str)):
            found.append(UnknownValue("an environment variable with a computed name", place))
            continue
        choices = options(default) if default is not None else (NOTHING,)
        for choice in choices:
            text = None if isinstance(choice, Const) and choice.value is None else as_text(choice)
            if text is not None and not text.parts:
                text = None
            found.append(TextValue(Text((EnvVar(option.value, text),))))
    return join(*found)


class Environment(Native):
    """``os.environ``."""

    __slots__ = ()
    label = "os.environ"
    ignores_assignments = True

    def index(self, key: Value, run: Machine, place: Place) -> Value:
        """``os.environ["NAME"]``."""
        return environment_variable(key, None, place)

    def attribute(self, name: str, run: Machine, place: Place) -> Value:
        """The methods of a dict."""
        if name in ("get", "pop", "setdefault"):
            return Function(f"os.environ.{name}", _getenv)
        if name == "__getitem__":
            return Function("os.environ[]", _getenv)
        if name in ("copy", "__iter__"):
            return Function(f"os.environ.{name}", lambda site, run: self)
        return silent(name) if name in ("update", "clear", "__setitem__") else unknown(f"os.environ.{name}")


def _getenv(site: CallSite, run: Machine) -> Value:
    key = site.argument(0, "key")
    if key is None:
        return UnknownValue("result of os.getenv()", site.place)
    return environment_variable(key, site.argument(1, "default"), site.place)


def _path_join(site: CallSite, run: Machine) -> Value:
    parts = tuple(path_text(value) for value in site.positional)
    return joined(parts if site.complete else (*parts, UnknownValue("a path", site.place)))


def _path_part(name: str) -> Body:
    def body(site: CallSite, run: Machine) -> Value:
        value = path_text(first_of(site))
        if isinstance(value, Const) and isinstance(value.value, str):
            found = getattr(posixpath, name)(value.value)
            return Sequence([Const(one) for one in found]) if isinstance(found, tuple) else Const(found)
        whole = describe(value.text) if isinstance(value, TextValue) else "a path"
        rest = UnknownValue(f"part of {whole}", site.place)
        return Sequence([], rest) if name.startswith("split") else rest

    return body


def table() -> dict[str, Value]:
    """``os`` and its paths by dotted name."""
    path = library(
        "os.path",
        join=_path_join,
        **{name: _path_part(name) for name in ("basename", "dirname", "split", "splitext")},
        **dict.fromkeys(("abspath", "realpath"), lambda site, run: absolute(path_text(first_of(site)))),
        sep=Const("/"),
    )
    environment = Environment()
    module = library(
        "os",
        environ=environment,
        environb=environment,
        getenv=_getenv,
        getcwd=lambda site, run: Const(TASK_ROOT),
        fspath=lambda site, run: path_text(first_of(site)),
        path=path,
        sep=Const("/"),
        linesep=Const("\n"),
    )
    return {"os": module, "os.path": path, "posixpath": path}
