"""The one file of a project whose path ends in a certain way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

LEFT_OUT: Final = frozenset(
    {
        "test", "tests", "__tests__", "spec", "__mocks__", "mocks", "fixtures", "e2e", "examples", "docs",
        "site-packages", "dist-packages", "bower_components", "coverage", "cdk.out", "env", "dist",
        "build", "out", "target",
    }
)  # fmt: skip
"""Folders whose files are no function's own code: tests, outputs of builds, installed packages."""


def only_one(files: Mapping[str, Iterable[str]], tails: Iterable[str]) -> str | None:
    """The file whose path ends in one of ``tails`` (relative, forward slashes); None where there are none or several.

    ``files``: paths by their last name in small letters. Where no path fits exactly, one whose letters are of another
    case does: the file systems of macOS and Windows take it so.

    >>> only_one({"a.py": ["src/shared/a.py"]}, ["shared/a.py"]), only_one({"a.py": ["x/a.py", "y/a.py"]}, ["a.py"])
    ('src/shared/a.py', None)
    """
    found = fitting(files, tails)
    return found[0] if len(found) == 1 else None


def fitting(files: Mapping[str, Iterable[str]], tails: Iterable[str]) -> list[str]:
    """Every file whose path ends in one of ``tails``, exactly or else but for the case of letters."""
    wanted = tuple(dict.fromkeys(tails))
    exact: dict[str, None] = {}
    alike: dict[str, None] = {}
    for tail in wanted:
        for path in files.get(tail.rpartition("/")[2].lower(), ()):
            if ("/" + path).endswith("/" + tail):
                exact[path] = None
            elif ("/" + path).lower().endswith("/" + tail.lower()):
                alike[path] = None
    return list(exact or alike)
