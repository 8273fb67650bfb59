"""The modules that a name may mean of which only a part is known: ``./handlers/`` and whatever follows.

In: the pieces of the name, None where one is not known. Out: the files that fit, in the folder that the known beginning
names. Tests and installed packages are none of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from scopedown.source.resolve.node import JS_EXTENSIONS, NodeModules
from scopedown.source.resolve.python import PythonModules, SearchPath
from scopedown.source.resolve.search_path import Ground

Pieces = tuple[str | None, ...]
"""A name's parts in order: text, or None for what is not known."""

MAX_MODULES: Final = 60
"""Modules that one computed name may give."""
MAX_FOLDERS: Final = 300
_MAX_DEPTH: Final = 6
_LEFT_OUT: Final = frozenset(
    {
        "test",
        "tests",
        "__tests__",
        "__mocks__",
        "mocks",
        "fixtures",
        "node_modules",
        "site-packages",
        "__pycache__",
        "venv",
    }
)
_TESTS: Final = re.compile(r"(?:\.(?:test|spec|stories|d)\.\w+|_test\.py|/test_[^/]*\.py|/conftest\.py)$")
_ENDINGS: Final = (*JS_EXTENSIONS, ".json")


@dataclass(frozen=True, slots=True)
class Listing:
    """``files`` that fit, those nearest to the top first; ``is_whole``: no bound was reached."""

    files: tuple[str, ...] = ()
    is_whole: bool = True


class Listings:
    """The folders that one function's code may load modules from."""

    def __init__(self, ground: Ground, node: NodeModules, python: PythonModules) -> None:
        self._ground = ground
        self._node = node
        self._python = python

    def javascript(self, pieces: Pieces, importer: str) -> Listing | None:
        """The files that a specifier in ``importer`` (absolute) may mean; None where it begins with no folder."""
        head = pieces[0]
        if not head or "/" not in head:
            return None
        folder, _, rest = head.rpartition("/")
        fits = re.compile(_pattern((rest, *pieces[1:])), re.DOTALL).fullmatch
        found: list[str] = []
        is_whole = True
        for top in self._folders(folder + "/", os.path.dirname(importer)):
            files, whole = self._below(top, _ENDINGS, rest)
            is_whole = is_whole and whole
            for file in files:
                stem, ending = os.path.splitext(file)
                names = [file, stem + ".js"] if ending in JS_EXTENSIONS else [file]
                if ending != ".json":
                    names += [stem, *([os.path.dirname(stem)] if os.path.basename(stem) == "index" else [])]
                if any(fits(name) for name in names):
                    found.append(os.path.join(top, *file.split("/")))
            if found:
                break
        return self._listing(found, is_whole, importer)

    def _folders(self, written: str, here: str) -> Iterator[str]:
        if written.startswith("."):
            candidates = [os.path.normpath(os.path.join(here, *written.split("/")))]
        elif written.startswith("/"):
            candidates = self._ground.running(written)
        else:
            candidates = list(self._node.folders(written.rstrip("/"), here))
        yield from (
            candidate
            for candidate in candidates
            if self._ground.workspace.reaches(candidate) and self._ground.disk.is_folder(candidate)
        )

    def python(self, pieces: Pieces, importer: str, search: tuple[SearchPath, ...]) -> Listing | None:
        """The files that a dotted name in ``importer`` (absolute) may mean; None where nothing of the name is known."""
        head = pieces[0] or ""
        package, dot, rest = head.rpartition(".")
        if not package and not any(piece and piece.strip(".") for piece in pieces):
            return None
        fits = re.compile(_pattern((rest, *pieces[1:])), re.DOTALL).fullmatch
        here = os.path.dirname(importer)
        if package.strip("."):
            file = self._python.resolve(package, importer, search)
            if file is None or not file.endswith(("/", "/__init__.py")):
                return Listing()
            tops = [os.path.dirname(self._ground.path(file + "x" if file.endswith("/") else file))]
        else:
            tops = [here] if dot else list(dict.fromkeys((*(one for one, _ in search), *self._python.packaged(), here)))
        found: list[str] = []
        is_whole = True
        for top in tops:
            files, whole = self._below(top, (".py",), rest)
            is_whole = is_whole and whole
            for name in files:
                dotted = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
                if name != "__init__.py" and fits(dotted):
                    found.append(os.path.join(top, *name.split("/")))
        return self._listing(found, is_whole, importer)

    def path(self, pieces: Pieces, endings: tuple[str, ...]) -> Listing | None:
        """The files of the running function that a path may mean."""
        head = pieces[0]
        if not head or "/" not in head:
            return None
        folder, _, rest = head.rpartition("/")
        fits = re.compile(_pattern((rest, *pieces[1:])), re.DOTALL).fullmatch
        found: list[str] = []
        is_whole = True
        for top in self._folders(folder + "/" if folder.startswith("/") else f"/var/task/{folder}/", ""):
            files, whole = self._below(top, endings, rest)
            is_whole = is_whole and whole
            found += [os.path.join(top, *file.split("/")) for file in files if fits(file)]
        return self._listing(found, is_whole, "")

    def _listing(self, paths: list[str], is_whole: bool, importer: str) -> Listing:
        names = [self._ground.name(path) for path in dict.fromkeys(paths) if path != importer]
        known = [name for name in names if name is not None]
        return Listing(tuple(known[:MAX_MODULES]), is_whole and len(known) <= MAX_MODULES)

    def _below(self, top: str, endings: tuple[str, ...], begin: str) -> tuple[list[str], bool]:
        """The files below a folder (whose first name begins with ``begin``), and whether no bound was reached."""
        disk = self._ground.disk
        found: list[str] = []
        waiting = [("", 0)]
        for read, (below, depth) in enumerate(waiting):
            if read >= MAX_FOLDERS or len(found) > MAX_MODULES * 20:
                return found, False
            for name in disk.entries(os.path.join(top, *below.split("/")) if below else top):
                path = f"{below}/{name}" if below else name
                if not depth and not name.startswith(begin):
                    continue
                if name.endswith(endings):
                    if not _TESTS.search("/" + path):
                        found.append(path)
                elif "." not in name and name not in _LEFT_OUT and depth < _MAX_DEPTH:
                    inner = os.path.join(top, *path.split("/"))
                    if disk.is_folder(inner) and disk.real(inner) == inner:
                        waiting.append((path, depth + 1))
        return found, True


def _pattern(pieces: Pieces) -> str:
    return "".join(".*" if piece is None else re.escape(piece) for piece in pieces)
