"""The repository around a project: how far up code may be shared from, and the packages of its workspaces.

In: the project's folder and the :class:`~scopedown.source.disk.Disk`. Out: the repository's folder, and packages by
name. Which folders are packages is said by ``workspaces`` of package.json (npm, Yarn, Bun:
https://docs.npmjs.com/cli/using-npm/workspaces), pnpm-workspace.yaml (https://pnpm.io/pnpm-workspace_yaml), lerna.json
and rush.json. Everything is bounded: a folder of a million packages is read in part.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, Final

from scopedown.documents.nodes import as_list
from scopedown.source.disk import Disk, Once
from scopedown.source.repository import REPOSITORY, WORKSPACE
from scopedown.source.resolve.compiler_options import parse_loose_json
from scopedown.source.resolve.manifest import Manifest

MAX_PARENTS: Final = 40
"""Folders above the project's that are looked at for the repository's."""
MAX_PACKAGES: Final = 600
MAX_FOLDERS: Final = 4_000
"""Folders looked through for the packages of one repository."""

_SKIPPED: Final = frozenset({"node_modules", "bower_components", "test", "tests", "__pycache__"})
"""pnpm and Lerna leave these out by themselves."""


class Workspace:
    """One repository. Its packages are looked for once, when the first is asked for."""

    def __init__(self, root: str, disk: Disk, once: Once) -> None:
        self.root = root
        self._disk = disk
        self._once = once

    @property
    def boundary(self) -> str:
        """The folder that holds everything the project's code may share: the repository's, else the workspace's that
        package managers know, else the project's own."""
        return self._once.get(("boundary",), self._find_boundary)

    def _find_boundary(self) -> str:
        above = [self.root]
        while len(above) < MAX_PARENTS and _is_below_top(folder := os.path.dirname(above[-1])):
            above.append(folder)
        for marks in (self._is_repository, self._is_workspace):
            for folder in above:
                if marks(folder):
                    return folder
        return self.root

    def _is_repository(self, folder: str) -> bool:
        return any(self._disk.exists(os.path.join(folder, name)) for name in REPOSITORY)

    def _is_workspace(self, folder: str) -> bool:
        if any(self._disk.exists(os.path.join(folder, name)) for name in WORKSPACE):
            return True
        manifest = self.manifest(folder)
        return manifest is not None and "workspaces" in manifest.data

    def reaches(self, path: str) -> bool:
        """Whether a path (absolute) may be read: it stands in the repository, links followed."""
        inside = self.boundary.rstrip(os.sep) + os.sep
        return (path + os.sep).startswith(inside) and (self._disk.real(path) + os.sep).startswith(inside)

    def manifest(self, folder: str) -> Manifest | None:
        """The package.json of a folder, or None where there is none that can be read."""
        return self._once.get(("manifest", folder), lambda: self._read_manifest(folder))

    def _read_manifest(self, folder: str) -> Manifest | None:
        data = self._json(os.path.join(folder, "package.json"))
        return Manifest(folder, data) if isinstance(data, dict) else None

    def nearest_manifest(self, folder: str) -> Manifest | None:
        """The package that a folder's files belong to."""
        for upward in self.upwards(folder):
            if (manifest := self.manifest(upward)) is not None:
                return manifest
        return None

    def upwards(self, folder: str) -> Iterator[str]:
        """A folder and those above it, up to the repository's."""
        for _ in range(64):
            yield folder
            above = os.path.dirname(folder)
            if folder == self.boundary or above == folder or not folder.startswith(self.boundary + os.sep):
                return
            folder = above

    def package(self, name: str) -> str | None:
        """The folder of the repository's own package of a name, or None."""
        return self.packages().get(name)

    def packages(self) -> dict[str, str]:
        """The repository's own packages: names to folders."""
        return self._once.get(("packages",), self._find_packages)

    def _find_packages(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for folder in self._package_folders():
            manifest = self.manifest(folder)
            if manifest is not None and manifest.name is not None:
                found.setdefault(manifest.name, folder)
            if len(found) >= MAX_PACKAGES:
                break
        return found

    def _package_folders(self) -> Iterator[str]:
        for base in self.upwards(self.root):
            rush = self._json(os.path.join(base, "rush.json"))
            for one in as_list(rush.get("projects")) if isinstance(rush, dict) else ():
                folder = one.get("projectFolder") if isinstance(one, dict) else None
                if isinstance(folder, str) and (path := _inside(base, folder)) is not None:
                    yield path
            patterns = list(self._patterns(base))
            if patterns:
                yield from self._matching(base, patterns)

    def _patterns(self, base: str) -> Iterator[str]:
        manifest = self.manifest(base)
        declared = manifest.data.get("workspaces") if manifest is not None else None
        if isinstance(declared, dict):
            declared = declared.get("packages")
        lerna = self._json(os.path.join(base, "lerna.json"))
        for listed in (declared, lerna.get("packages") if isinstance(lerna, dict) else None, self._pnpm(base)):
            for pattern in as_list(listed)[:100]:
                if isinstance(pattern, str) and pattern:
                    yield pattern

    def _pnpm(self, base: str) -> Any:
        from scopedown.core.finding import ScopedownError
        from scopedown.documents.document import parse_yaml

        try:
            text = self._disk.read(os.path.join(base, "pnpm-workspace.yaml")).decode("utf-8-sig", "replace")
            tree = parse_yaml(text, "pnpm-workspace.yaml").tree
        except (OSError, ScopedownError):
            return None
        return tree.get("packages") if isinstance(tree, dict) else None

    def _matching(self, base: str, patterns: list[str]) -> Iterator[str]:
        """The folders that patterns such as ``packages/*`` and ``apps/**`` name, and ``!…`` does not."""
        wanted = [pattern.replace("\\", "/").removeprefix("./").strip("/") for pattern in patterns if pattern[0] != "!"]
        left_out = [pattern[1:].removeprefix("./").strip("/") for pattern in patterns if pattern[0] == "!"]
        left = [MAX_FOLDERS]
        seen: set[str] = set()
        for pattern in wanted:
            for folder in self._expanded(base, pattern.split("/"), left):
                below = os.path.relpath(folder, base).replace(os.sep, "/")
                if folder not in seen and not any(_fits(below, one) for one in left_out):
                    seen.add(folder)
                    yield folder

    def _expanded(self, folder: str, pieces: list[str], left: list[int]) -> Iterator[str]:
        if left[0] <= 0:
            return
        left[0] -= 1
        if not pieces:
            yield folder
            return
        first, *others = pieces
        if first in ("", "."):
            yield from self._expanded(folder, others, left)
        elif first == "**":
            yield from self._expanded(folder, others, left)
            for below in self._folders(folder):
                yield from self._expanded(below, pieces, left)
        elif any(sign in first for sign in "*?[{"):
            for below in self._folders(folder):
                if any(fnmatchcase(os.path.basename(below), alternative) for alternative in _alternatives(first)):
                    yield from self._expanded(below, others, left)
        elif (named := _inside(folder, first)) is not None and self._disk.is_folder(named):
            yield from self._expanded(named, others, left)

    def _folders(self, folder: str) -> Iterator[str]:
        for name in self._disk.entries(folder):
            if name in _SKIPPED or name.startswith("."):
                continue
            path = os.path.join(folder, name)
            # A link is not followed: it would lead back, or out.
            if self._disk.is_folder(path) and self._disk.real(path) == path:
                yield path

    def _json(self, path: str) -> Any:
        if not self._disk.is_file(path):
            return None
        try:
            return parse_loose_json(self._disk.read(path).decode("utf-8", "replace"))
        except OSError:
            return None


def _is_below_top(folder: str) -> bool:
    """Whether a folder is not the top of a system, which is nobody's repository."""
    return os.path.dirname(folder) != folder


def _inside(base: str, written: str) -> str | None:
    path = os.path.normpath(os.path.join(base, *written.replace("\\", "/").split("/")))
    return path if path.startswith(base + os.sep) else None


def _alternatives(pattern: str) -> list[str]:
    """``{a,b}*`` as ``a*`` and ``b*``."""
    head, brace, rest = pattern.partition("{")
    inner, closed, tail = rest.partition("}")
    if not brace or not closed:
        return [pattern]
    return [head + part + tail for part in inner.split(",")]


def _fits(path: str, pattern: str) -> bool:
    """Whether a path is what a pattern that leaves out names (``**`` is any number of folders)."""
    return fnmatchcase(path, pattern) or ("**/" in pattern and fnmatchcase(path, pattern.replace("**/", "")))
