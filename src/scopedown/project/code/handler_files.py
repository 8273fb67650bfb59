"""A project's folder and the repository around it, asked for the files of handlers; each question is asked once.

Paths are relative to the project's folder; those of the repository around it begin with ``../``. What leaves the
repository, by its path or by a link, is never read.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from scopedown.source.relocated import fitting
from scopedown.source.repository import boundary_of
from scopedown.source.repository_tree import tree_of
from scopedown.source.resolve.compiler_options import CONFIG_NAMES, CompilerOptions, read_compiler_options

MAX_TEXT: Final = 4_000_000
"""Bytes of a file that is looked into: a build's configuration, a bundle's source map."""


@dataclass(slots=True)
class Sources:
    """One project's folder; paths are relative to it, with forward slashes."""

    root: Path
    _boundary: str = ""
    _real: str = ""
    _folders: dict[str, str] = field(default_factory=dict)
    """Folders, and where they really stand."""
    _known: dict[str, bool] = field(default_factory=dict)
    _texts: dict[str, str | None] = field(default_factory=dict)
    _options: dict[str, CompilerOptions | None] = field(default_factory=dict)
    _worked_out: dict[Any, Any] = field(default_factory=dict)

    @property
    def boundary(self) -> str:
        """The folder that holds all that may be read, absolute, links followed."""
        if not self._boundary:
            self._boundary = str(boundary_of(self.root))
        return self._boundary

    def absolute(self, path: str) -> str:
        """A path without ``..`` in it, below the project's folder as it really stands."""
        if not self._real:
            self._real = os.path.realpath(self.root)
        return os.path.normpath(f"{self._real}/{path}")

    def reaches(self, path: str) -> bool:
        """Whether a path stands in the repository; links in it are not followed yet."""
        return "\0" not in path and (".." not in path or _is_below(self.absolute(path), self.boundary))

    def relative(self, absolute: str) -> str:
        """An absolute path as the project names it."""
        self.absolute("")
        return os.path.relpath(absolute, self._real).replace(os.sep, "/")

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder that may be read."""
        return self.reaches(path) and Path(self.absolute(path)).is_dir() and self._stays(path)

    def entries(self, path: str) -> list[str]:
        """The names in a folder that may be read, in order."""
        try:
            return sorted(one.name for one in Path(self.absolute(path)).iterdir()) if self.is_folder(path) else []
        except OSError:
            return []

    def _stays(self, path: str) -> bool:
        """Whether a path's links stay in the repository."""
        folder, name = os.path.split(self.absolute(path))
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        found = f"{self._folders[folder]}/{name}"
        return _is_below(os.path.realpath(found) if Path(found).is_symlink() else found, self.boundary)

    def once(self, key: Any, find: Callable[[], Any]) -> Any:
        """A value that is worked out of the files once."""
        if key not in self._worked_out:
            self._worked_out[key] = find()
        return self._worked_out[key]

    def exists(self, path: str) -> bool:
        """Whether a file exists and may be read."""
        if path not in self._known:
            try:
                self._known[path] = self.reaches(path) and (self.root / path).is_file() and self._stays(path)
            except (OSError, ValueError):
                self._known[path] = False
        return self._known[path]

    def text(self, path: str) -> str | None:
        """The text of a file; None where there is none, or more than anyone writes."""
        if path not in self._texts:
            self._texts[path] = _text(self.root / path) if self.exists(path) else None
        return self._texts[path]

    def options(self, folder: str) -> CompilerOptions | None:
        """What the tsconfig.json nearest to a folder of the project says about files; its paths are absolute."""
        if folder not in self._options:
            found = None
            for name in CONFIG_NAMES:
                path = posixpath.join(str(self.root), folder, name)
                if self.exists(posixpath.join(folder, name)):
                    found = read_compiler_options(posixpath.normpath(path), lambda one: _text(Path(one)))
                    break
            above = _above(folder)
            if found is None and above is not None and self.reaches(above or "."):
                found = self.options(above)
            self._options[folder] = found
        return self._options[folder]

    def sources_of(self, output: str) -> Iterator[str]:
        """The files that a compiler makes ``output`` of, by its options."""
        options = self.options(posixpath.dirname(output))
        root = str(self.root)
        for path in options.sources_of(posixpath.join(root, output)) if options is not None else ():
            inside = posixpath.relpath(path, root)
            if self.reaches(inside):
                yield inside

    def in_project(self, tails: Iterable[str]) -> list[str]:
        """The source files of the project whose paths end in one of ``tails``; none where it is too large to search."""
        return self._fitting(self.absolute(""), tails)

    def in_repository(self, tails: Iterable[str]) -> list[str]:
        """The same of the whole repository."""
        return self._fitting(self.boundary, tails)

    def dockerfiles(self) -> list[str]:
        """The files of the repository that are called ``Dockerfile``; none where it is too large to search."""
        tree = tree_of(self.boundary)
        folders = tree.folders_with("Dockerfile") if tree.is_whole else []
        return [self.relative(posixpath.join(self.boundary, folder, "Dockerfile")) for folder in folders]

    def _fitting(self, top: str, tails: Iterable[str]) -> list[str]:
        tree = tree_of(top)
        found = fitting(tree.by_name, tails) if tree.is_whole else []
        return [self.relative(f"{top}/{one}") for one in found]


def _above(folder: str) -> str | None:
    """The folder above; None above the project's own, whose settings are those of its files."""
    if not folder:
        return None
    if folder == ".." or folder.endswith("/.."):
        return f"{folder}/.."
    return posixpath.dirname(folder)


def _is_below(path: str, folder: str) -> bool:
    return (path + os.sep).startswith(folder.rstrip(os.sep) + os.sep)


def _text(path: Path) -> str | None:
    try:
        if not path.is_file() or path.stat().st_size > MAX_TEXT:
            return None
        return path.read_text("utf-8-sig", "replace")
    except (OSError, ValueError):
        return None


# Whether a file outside of the project's folder is the code of another project of the repository.


_CONFIGURATIONS: Final = re.compile(
    r"serverless(\.\w+)*\.(ya?ml|ts|js|cjs|mjs|json)|cdk\.json|samconfig\.(toml|ya?ml)|sst\.config\.ts|Pulumi\.yaml"
)
"""Files that say by their name that a folder is a project."""
_TEMPLATES: Final = (".yml", ".yaml", ".json", ".template", ".tf")
_DEPLOYS: Final = re.compile(r"AWS::(Lambda|Serverless)::Function\b|^[ \t]*(provider|backend)[ \t]+\"", re.MULTILINE)
"""What a template, or the root module of a configuration, says."""
_MOST: Final = 200
"""Templates of a folder, and folders of the outermost, that are looked into."""


def is_of_another_project(sources: Sources, file: str) -> bool:
    """Whether a file (relative to the project's folder) stands in a folder that is deployed by a configuration of its
    own: in it, in a folder above up to the one that holds the project too, or in a folder of the outermost of these."""
    if not file.startswith("../"):
        return False
    folders = list(_folders(file))
    for top in folders[-1:]:
        inner = filter(sources.is_folder, (f"{top}/{name}" for name in sources.entries(top)))
        folders += islice(inner, _MOST)
    return any(sources.once(("is a project", folder), partial(_is_project, sources, folder)) for folder in folders)


def _folders(file: str) -> Iterator[str]:
    """The folders of a file, up to the one that is next to the project's folder or one above it.

    >>> list(_folders("../../api/src/app.py"))
    ['../../api/src', '../../api']
    """
    folder = posixpath.dirname(file)
    while folder and posixpath.basename(folder) != "..":
        yield folder
        folder = posixpath.dirname(folder)


def _is_project(sources: Sources, folder: str) -> bool:
    names = sources.entries(folder)
    if any(_CONFIGURATIONS.fullmatch(name) for name in names):
        return True
    templates = islice((name for name in names if name.endswith(_TEMPLATES)), _MOST)
    return any(_DEPLOYS.search(sources.text(f"{folder}/{name}") or "") for name in templates)
