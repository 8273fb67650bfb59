"""``fileset``: the files below a folder that a pattern names.

In: the folder and the pattern. Out: a set of paths relative to the folder, sorted. Links are not followed.
Reference: https://developer.hashicorp.com/terraform/language/functions/fileset
"""

from __future__ import annotations

import fnmatch
import os
from pathlib import Path
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.project.terraform.context import Context
from scopedown.project.terraform.values import SetNode

_MAX_FILES: Final = 20_000
"""Files that are looked at."""
_MAX_PARTS: Final = 30
"""Parts of a pattern, and of a path."""


def file_set(context: Context, arguments: list[Any], place: Place) -> Any:
    """The set that ``fileset(path, pattern)`` is; unknown where its arguments are."""
    if len(arguments) != 2 or not all(isinstance(one, str) for one in arguments):
        return Text.unknown("the arguments of fileset are known only after apply", place)
    folder = context.inside(arguments[0], place)
    if folder is None or len(arguments[1].split("/")) > _MAX_PARTS:
        return Text.unknown("scopedown does not list the files of fileset", place)
    patterns = [pattern.split("/") for pattern in _alternatives(arguments[1])]
    found: list[str] = []
    for number, name in enumerate(_files(folder)):
        if number >= _MAX_FILES:
            return Text.unknown(f"fileset lists more than {_MAX_FILES} files", place)
        if any(_matches(name.split("/"), pattern) for pattern in patterns):
            found.append(name)
    items = SetNode(list(found), place)
    items.items_at = [place] * len(found)
    return items


def _files(folder: Path) -> Any:
    for name, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(one for one in folders if one != ".git")
        relative = Path(name).relative_to(folder)
        if len(relative.parts) >= _MAX_PARTS:
            folders.clear()
        yield from ((relative / file).as_posix() for file in sorted(files))


def _alternatives(pattern: str) -> list[str]:
    """``a.{py,js}`` as ``a.py`` and ``a.js``."""
    start, end = pattern.find("{"), pattern.find("}")
    if start < 0 or end < start:
        return [pattern]
    words = pattern[start + 1 : end].split(",")[:50]
    return [f"{pattern[:start]}{word}{pattern[end + 1 :].replace('{', '')}" for word in words]


def _matches(parts: list[str], pattern: list[str]) -> bool:
    """Whether the parts of a path match those of a pattern; ``**`` is any number of folders."""
    reached = {0}
    for part in parts:
        reached = _through(reached, pattern)
        reached = {
            at if pattern[at] == "**" else at + 1
            for at in reached
            if at < len(pattern) and (pattern[at] == "**" or _names(part, pattern[at]))
        }
    return len(pattern) in _through(reached, pattern)


def _through(reached: set[int], pattern: list[str]) -> set[int]:
    """Positions that are reached where ``**`` stands for no folder."""
    more = set(reached)
    for at in range(len(pattern)):
        if at in more and pattern[at] == "**":
            more.add(at + 1)
    return more


def _names(part: str, pattern: str) -> bool:
    return len(pattern) <= 200 and pattern.count("*") <= 8 and fnmatch.fnmatchcase(part, pattern)
