"""A module that is not at its place, yet stands exactly once elsewhere in the project.

Builds copy shared code into a function's folder (a Makefile, a Dockerfile's COPY, a script), and repositories keep it
in one place. So where an import leads nowhere, a file with the same last part of the path (``lib/store`` of
``../lib/store``) is taken, if the project has exactly one; the caller says so. Two of them are none: that would be
guessing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from scopedown.calls.modules_ground import Ground
from scopedown.calls.modules_node import JS_EXTENSIONS, package_name
from scopedown.project.discovery import SKIPPED_FOLDERS
from scopedown.project.elsewhere import LEFT_OUT, fitting, only_one

MAX_FOLDERS = 2_000
"""A project with more folders is not searched."""
_MAX_DEPTH = 14
_REQUIREMENTS = re.compile(
    r"^(?:requirements.*\.(?:txt|in)|Pipfile|pyproject\.toml|setup\.(?:py|cfg)|environment\.ya?ml)$"
)
_JS_ENDINGS = (*JS_EXTENSIONS, ".json")


class Elsewhere:
    """The files of one project by the ends of their paths."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def python(self, specifier: str, importer: str) -> str | None:
        """The one file that an absolute or relative import may mean."""
        name = specifier.lstrip(".")
        if not name or (not specifier.startswith(".") and self._is_required(name.partition(".")[0])):
            return None
        tail = name.replace(".", "/")
        found = fitting(self._files(), (tail + ".py", tail + "/__init__.py"))
        here = importer.rpartition("/")[0]
        if not specifier.startswith(".") and self._is_package(here):
            # What packages import by a bare name is another project's, not what lies inside of some package.
            found = [one for one in found if (above := _above(one, tail)) == here or not self._is_package(above)]
        if found:
            return found[0] if len(found) == 1 else None
        return self._namespace(tail)

    def _is_package(self, folder: str) -> bool:
        return bool(folder) and f"{folder}/__init__.py" in self._files().get("__init__.py", ())

    def _namespace(self, tail: str) -> str | None:
        """The one folder of Python files with this end (a namespace package)."""
        folders: dict[str, list[str]] = {}
        for folder in {
            path.rpartition("/")[0] for paths in self._files().values() for path in paths if path[-3:] == ".py"
        }:
            folders.setdefault(folder.rpartition("/")[2].lower(), []).append(folder)
        found = only_one(folders, (tail,))
        return found + "/" if found else None

    def javascript(self, specifier: str, here: str) -> str | None:
        """The one file that a relative path, a path on Lambda, or a name that is no package's may mean."""
        specifier = specifier.partition("?")[0].replace("\\", "/")
        if specifier.startswith("."):
            tail = "/".join(piece for piece in specifier.split("/") if piece not in (".", "..", ""))
        elif specifier.startswith("/"):
            tail = "/".join(specifier.split("/")[2:])
            tail = tail.removeprefix("nodejs/").removeprefix("node_modules/")
        elif specifier.startswith(("@/", "~/")):
            tail = specifier[2:]
        else:
            name, _ = package_name(specifier)
            manifest = self._ground.workspace.nearest_manifest(here)
            # A name that a package.json of its own does not ask for is a file that a bundler was told of.
            if name is None or manifest is None or name in manifest.dependencies() or specifier.startswith("@"):
                return None
            tail = specifier
        if not tail or tail.partition(".")[0] == "index":
            return None
        stem, ending = os.path.splitext(tail)
        stems = (tail, stem) if ending in _JS_ENDINGS else (tail,)
        names = tuple(one + suffix for one in stems for suffix in _JS_ENDINGS)
        return self._one((tail, *names) if ending in _JS_ENDINGS else names) or self._one(
            tuple(f"{tail}/index{suffix}" for suffix in JS_EXTENSIONS)
        )

    def _one(self, tails: tuple[str, ...]) -> str | None:
        return only_one(self._files(), tails)

    def _files(self) -> dict[str, tuple[str, ...]]:
        return self._ground.once.get(("elsewhere",), self._find_files)

    def _find_files(self) -> dict[str, tuple[str, ...]]:
        """The project's source files by their last name in small letters; none where there are too many folders."""
        found: dict[str, list[str]] = {}
        for count, (folder, names) in enumerate(self._walk()):
            if count >= MAX_FOLDERS:
                return {}
            for name in names:
                if name.endswith((".py", *_JS_ENDINGS)) and not name.endswith((".d.ts", ".d.mts", ".d.cts")):
                    path = f"{folder}/{name}" if folder else name
                    found.setdefault(name.lower(), []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    def _walk(self) -> Iterator[tuple[str, list[str]]]:
        disk, root = self._ground.disk, self._ground.root
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            path = os.path.join(root, *folder.split("/")) if folder else root
            files = []
            for name in disk.entries(path):
                inner = os.path.join(path, name)
                if "." in name.lstrip(".") and not disk.is_folder(inner):
                    files.append(name)
                elif name in SKIPPED_FOLDERS or name in LEFT_OUT or name.startswith("."):
                    continue
                elif folder.count("/") < _MAX_DEPTH and disk.is_folder(inner) and disk.real(inner) == inner:
                    waiting.append(f"{folder}/{name}" if folder else name)
            yield folder, files

    def _is_required(self, name: str) -> bool:
        """Whether a requirement's name holds the import's (PyJWT's is ``jwt``, python-dateutil's ``dateutil``)."""
        listed = self._ground.once.get(("required",), self._requirements)
        return re.sub(r"[-_.]+", "", name.lower()) in listed

    def _requirements(self) -> str:
        texts = []
        for folder in dict.fromkeys((self._ground.root, self._ground.package)):
            names = [name for name in self._ground.disk.entries(folder) if _REQUIREMENTS.match(name)]
            texts += [(self._ground.read(os.path.join(folder, name)) or "")[:100_000] for name in names]
        return re.sub(r"[-_.]+", "", "\n".join(texts).lower())


def _above(file: str, tail: str) -> str:
    """The folder that an import's first name stands in."""
    return file.removesuffix("/__init__.py").removesuffix(".py")[: -len(tail)].rstrip("/")
