"""A project's folder, asked for the files of its handlers; what was asked once is remembered."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from scopedown.project.compiler_options import CONFIG_NAMES, CompilerOptions, read_compiler_options
from scopedown.project.discovery import SKIPPED_FOLDERS
from scopedown.project.elsewhere import LEFT_OUT

MAX_TEXT: Final = 4_000_000
"""Bytes of a file that is looked into: a build's configuration, a bundle's source map."""
MAX_FOLDERS: Final = 2_000
"""A project with more folders is not searched for a handler that is not at its place."""
_SOURCES: Final = (".py", ".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx")


@dataclass(slots=True)
class Sources:
    """One project's folder; paths are relative to it, with forward slashes."""

    root: Path
    _known: dict[str, bool] = field(default_factory=dict)
    _texts: dict[str, str | None] = field(default_factory=dict)
    _options: dict[str, CompilerOptions | None] = field(default_factory=dict)
    _by_name: dict[str, list[str]] | None = None

    def exists(self, path: str) -> bool:
        """Whether a file exists."""
        if path not in self._known:
            try:
                self._known[path] = (self.root / path).is_file()
            except (OSError, ValueError):
                self._known[path] = False
        return self._known[path]

    def text(self, path: str) -> str | None:
        """The text of a file; None where there is none, or more than anyone writes."""
        if path not in self._texts:
            self._texts[path] = _text(self.root / path)
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
            if found is None and folder:
                found = self.options(posixpath.dirname(folder))
            self._options[folder] = found
        return self._options[folder]

    def sources_of(self, output: str) -> Iterator[str]:
        """The files that a compiler makes ``output`` of, by its options."""
        options = self.options(posixpath.dirname(output))
        root = str(self.root)
        for path in options.sources_of(posixpath.join(root, output)) if options is not None else ():
            inside = posixpath.relpath(path, root)
            if not inside.startswith("../"):
                yield inside

    def by_name(self) -> dict[str, list[str]]:
        """The source files of the project by their last name in small letters; none where it is too large."""
        if self._by_name is None:
            self._by_name = self._find_by_name()
        return self._by_name

    def _find_by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for count, (folder, folders, files) in enumerate(os.walk(self.root, followlinks=False)):
            if count >= MAX_FOLDERS:
                return {}
            skipped = SKIPPED_FOLDERS | LEFT_OUT
            folders[:] = sorted(one for one in folders if one not in skipped and not one.startswith("."))
            inside = Path(folder).relative_to(self.root).as_posix()
            for name in sorted(files):
                if name.endswith(_SOURCES) and not name.endswith((".d.ts", ".d.mts", ".d.cts")):
                    found.setdefault(name.lower(), []).append(name if inside == "." else f"{inside}/{name}")
        return found


def _text(path: Path) -> str | None:
    try:
        if not path.is_file() or path.stat().st_size > MAX_TEXT:
            return None
        return path.read_text("utf-8-sig", "replace")
    except (OSError, ValueError):
        return None
