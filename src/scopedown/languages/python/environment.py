"""Python's ``os``: the environment, and paths as text."""

from __future__ import annotations

import posixpath

from scopedown.calls.builtins.object_effects import LibraryObject
from scopedown.calls.builtins.system_effects import joined
from scopedown.calls.builtins.text_effects import describe
from scopedown.calls.machine import Machine
from scopedown.calls.values import CallSite, Const, Sequence, TextValue, UnknownValue, Value
from scopedown.languages.python.collections import BUILTINS, library
from scopedown.languages.python.natives import (
    Body,
    first_of,
)
from scopedown.languages.python.paths import absolute, path_text


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
    environment = LibraryObject("os.environ", BUILTINS.habits)
    module = library(
        "os",
        environ=environment,
        environb=environment,
        fspath=lambda site, run: path_text(first_of(site)),
        path=path,
        sep=Const("/"),
        linesep=Const("\n"),
    )
    return {"os": module, "os.path": path, "posixpath": path}
