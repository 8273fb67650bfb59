"""The routes that an application of its own (Express, Flask, FastAPI, Powertools) declares behind one catch-all route.

In: a function and the folder of its code. Out: methods and paths, sample values in the place of parameters. Like
:mod:`.fields`, this only makes samples reach further; a route that is not found makes no claim.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scopedown.project.model import Function
from scopedown.prove.events.fields import value_for

_CALL: Final = re.compile(r"\b\w+\.(get|post|put|patch|delete)\(\s*['\"`](/[^'\"`\s]*)['\"`]")
_FLASK: Final = re.compile(r"@\w+\.route\(\s*['\"](/[^'\"]*)['\"]([^)]*)\)")
_METHODS: Final = re.compile(r"['\"]([A-Z]+)['\"]")
_PARAMETER: Final = re.compile(r":(\w+)\??(?:\([^)]*\))?|<(?:\w+:)?(\w+)>|\{(\w+)(?:\+|:[^}]*)?\}")
_ENDINGS: Final = {
    "python": (".py",),
    "javascript": (".js", ".mjs", ".cjs", ".ts"),
    "typescript": (".js", ".ts", ".mts"),
}
_NOT_CODE: Final = frozenset({"node_modules", "venv", "env", "test", "tests", "__tests__", "dist", "build"})
_MOST_FILES: Final = 200
_MOST: Final = 25


def routes_of(function: Function, folder: Path) -> list[tuple[str, str]]:
    """Methods and paths, in the order of the files' names, at most a few dozen."""
    found: dict[tuple[str, str], None] = {}
    for text in _texts(function, folder):
        for method, path in _CALL.findall(text):
            found.setdefault((method.upper(), _with_samples(path)))
        for path, more in _FLASK.findall(text):
            for method in _METHODS.findall(more) if "methods" in more else ["GET"]:
                found.setdefault((method, _with_samples(path)))
    return list(found)[:_MOST]


def _with_samples(path: str) -> str:
    """A path with values for its parameters."""

    def sample(one: re.Match[str]) -> str:
        return "1" if one[0].startswith(("<int:", "<float:")) else str(value_for(one[1] or one[2] or one[3]))

    return _PARAMETER.sub(sample, path).replace("*", "sample")


def _texts(function: Function, folder: Path) -> Iterator[str]:
    endings = _ENDINGS.get(function.language or "")
    if function.handler is None or endings is None:
        return
    read = 0
    for place, folders, files in os.walk(folder / function.handler.root):
        folders[:] = sorted(one for one in folders if one not in _NOT_CODE and not one.startswith("."))
        for name in sorted(files):
            if name.endswith(endings) and read < _MOST_FILES:
                read += 1
                try:
                    yield Path(place, name).read_text(encoding="utf-8")
                except (OSError, UnicodeDecodeError):
                    continue
