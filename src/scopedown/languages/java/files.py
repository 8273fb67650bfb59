"""Java's files: which are compiled with one, and the packages that names belong to."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from scopedown.languages.java import builds
from scopedown.source.packages.table import packages
from scopedown.source.resolve.search_path import Ground

DECLARES: Final = re.compile(rb"\b(?:class|interface|enum|record)\s+([A-Za-z_$][\w$]*)")
PACKAGE: Final = re.compile(rb"(?m)^\s*package\s+([\w.]+)\s*;")
SKIPS: Final = frozenset({"node_modules", "test", "testFixtures"})
"""Folders in a source folder that hold no sources of it. A package may be called ``target`` or ``build``."""

_SETS: Final = re.compile(r"^(.*)/src/[^/]+/(?:java|kotlin|groovy|scala)(?:/|$)")
"""A file in a source folder of the standard layout."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """The files around a function's code, by absolute paths."""

    ground: Ground

    def read(self, path: str) -> str | None:
        """The text of a file."""
        return self.ground.read(path) if self.ground.workspace.reaches(path) else None

    def entries(self, path: str) -> Sequence[str]:
        """The names in a folder."""
        return self.ground.disk.entries(path) if self.ground.workspace.reaches(path) else ()

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder."""
        return self.ground.workspace.reaches(path) and self.ground.disk.is_folder(path)

    def above(self, path: str) -> str | None:
        """The folder above, up to the repository's."""
        above = posixpath.dirname(path)
        return above if path != self.ground.workspace.boundary and above != path else None


def roots(ground: Ground, importer: str) -> Sequence[str]:
    """The source folders of a file's module and of the modules that it is built with; of a file that no build file is
    above of, the folder that its package begins in."""
    path = ground.path(importer).replace(os.sep, "/")
    return ground.once.get(("java roots", posixpath.dirname(path)), lambda: _roots(ground, path))


def _roots(ground: Ground, path: str) -> tuple[str, ...]:
    files = OnDisk(ground)
    folder = posixpath.dirname(path)
    standard = _SETS.match(path)
    module = standard[1] if standard else builds.module_of(files, folder)
    found: dict[str, None] = {}
    own = _package_root(ground, path)
    if module is not None:
        for one in builds.dependencies(files, module):
            found |= dict.fromkeys(builds.source_folders(files, one))
    if not any((path + "/").startswith(one + "/") for one in found):
        found = {own: None, **found}
    return tuple(os.path.normpath(one) for one in found)


def _package_root(ground: Ground, path: str) -> str:
    """The folder in which a file's package begins."""
    folder = posixpath.dirname(path)
    declared = PACKAGE.search((ground.read(path) or "").encode("utf-8", "replace"))
    below = declared[1].decode().replace(".", "/") if declared else ""
    return folder.removesuffix("/" + below) if below else folder


@cache
def _keys(language: str) -> tuple[str, ...]:
    """The packages that ``packages.tsv`` knows, the longest names first."""
    names = {name.rstrip("*").rstrip(".") for name in packages(language)}
    return tuple(sorted(names, key=len, reverse=True))


def package_of(name: str) -> str | None:
    """The package of a library by the name of one of its classes: the one that ``packages.tsv`` knows, else its first
    three parts, which are a library's by custom (https://docs.oracle.com/javase/tutorial/java/package/namingpkgs.html).

    >>> package_of("com.acme.shop.model.Order"), package_of("java.util.List"), package_of("Order")
    ('com.acme.shop', None, None)
    """
    return library_of(name, "java")


def library_of(name: str, language: str) -> str | None:
    """The same for a language that has libraries of Java."""
    if name.startswith(("java.", "kotlin.")) or "." not in name:
        return None
    for key in _keys(language):
        if name == key or name.startswith(key + "."):
            return key
    parts = [part for part in name.split(".") if part[:1].islower()][:3]
    return ".".join(parts) or None
