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
