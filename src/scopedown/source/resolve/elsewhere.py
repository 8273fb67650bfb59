"""A module that is not at its place, yet stands elsewhere in the repository.

Builds copy shared code into a function's folder (a Makefile, a Dockerfile's COPY, a script), layers are given by their
ARN, and private packages are published from the same repository. So where an import leads nowhere, a file with the same
last part of the path (``lib/store`` of ``../lib/store``) is looked for: in the project's folder, and where that has
none, in the whole repository. The caller takes it, and says so, where there is exactly one; several are named, and none
is guessed.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass

from scopedown.source.packages import python_name
from scopedown.source.relocated import fitting
from scopedown.source.resolve.node import JS_EXTENSIONS, NodeModules, package_name
from scopedown.source.resolve.python import PythonModules
from scopedown.source.resolve.python_layout import METADATA
from scopedown.source.resolve.search_path import Ground

MAX_METADATA = 600
"""Distributions of one repository whose metadata is read."""
_ROOTS = ("", "src", "python")
"""Last parts of folders that absolute imports start in although an ``__init__.py`` may stand there; "" is the top."""
MAX_LOOKED_INTO = 20
"""Files that an import may mean which are looked into."""
_JS_ENDINGS = (*JS_EXTENSIONS, ".json")
_LOCKS = ("poetry.lock", "uv.lock", "pdm.lock", "Pipfile.lock")
_REQUIREMENTS = re.compile(
    r"^(?:requirements.*\.(?:txt|in)|Pipfile|pyproject\.toml|setup\.(?:py|cfg)|environment\.ya?ml)$"
)
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LOCKED = re.compile(r"""^(?:name = "([^"\n]+)"| {8}"([^"\n]+)": \{)$""", re.MULTILINE)
_MAX_TEXT = 2_000_000


@dataclass(frozen=True, slots=True)
class Fit:
    """The files that an import may mean. ``is_whole``: nothing was left out of the search."""

    files: tuple[str, ...] = ()
    is_whole: bool = True
    is_declared: bool = False
    """Whether the project asks for the distribution that the file belongs to, by its name."""


class Elsewhere:
    """The files of one repository by the ends of their paths."""

    def __init__(self, ground: Ground, node: NodeModules, python: PythonModules) -> None:
        self._ground = ground
        self._node = node
        self._python = python

    # python

    def python(
        self, specifier: str, importer: str, member: str | None = None, is_package: Callable[[], bool] = lambda: False
    ) -> Fit:
        """The files that an absolute or relative import may mean; ``member`` is what is asked of the module,
        ``is_package`` whether the name is known to be a package's."""
        name = specifier.lstrip(".")
        if not name:
            return Fit()
        here = os.path.dirname(self._ground.path(importer))
        is_relative = specifier.startswith(".")
        fit = self._first(lambda top: self._python_in(top, name, here, is_relative))
        if not fit.files or is_relative:
            return self._with_member(fit, member)
        if (declared := self._declared(name, here)) is not None:
            return Fit((declared,), is_declared=True)
        if self._is_required(name.partition(".")[0], here) or is_package():
            return Fit((), fit.is_whole)
        return self._with_member(fit, member)

    def _with_member(self, fit: Fit, member: str | None) -> Fit:
        """Of several files those that have what is asked of the module, where there are such."""
        if len(fit.files) < 2 or member is None:
            return fit
        found = tuple(file for file in fit.files[:MAX_LOOKED_INTO] if self._has(file, member))
        return Fit(found, fit.is_whole) if found else fit

    def _python_in(self, top: str, name: str, here: str, is_relative: bool) -> list[str]:
        """The files below ``top``, named relative to it."""
        tail = name.replace(".", "/")
        tree = self._ground.disk.tree(top)
        found = fitting(tree.by_name, (tail + ".py", tail + "/__init__.py"))
        folder = "" if here == top else os.path.relpath(here, top).replace(os.sep, "/")
        packages = tree.python_packages
        # A folder with an __init__.py is a package of its own, never a part of a namespace package.
        spaces = [one + "/" for one in fitting(tree.python_folders, (tail,)) if one not in packages]
        if not is_relative and (folder in packages or top != self._ground.root):
            # What packages import by a bare name is another project's, not what lies inside of some package.
            found, spaces = (
                [file for file in files if (above := _above(file, tail)) == folder or _starts_imports(above, packages)]
                for files in (found, spaces)
            )
        return found or spaces

    def _first(self, find: Callable[[str], list[str]]) -> Fit:
        """What is found below the project's folder, else below the repository's."""
        is_whole = True
        for top in dict.fromkeys((self._ground.root, self._ground.workspace.boundary)):
            found = find(top)
            is_whole = is_whole and self._ground.disk.tree(top).is_whole
            if found:
                start = os.path.relpath(top, self._ground.root).replace(os.sep, "/")
                return Fit(tuple(self._named(start, one) for one in found), is_whole)
        return Fit((), is_whole)

    @staticmethod
    def _named(start: str, file: str) -> str:
        """A file relative to the project's folder."""
        end = "/" if file.endswith("/") else ""
        return posixpath.normpath(posixpath.join(start, file)) + end

    def _has(self, file: str, member: str) -> bool:
        """Whether a package has a submodule of a name, or its file a word that reads so."""
        folder = file.removesuffix("/").removesuffix("/__init__.py")
        below = os.path.join(self._ground.path(folder), member)
        is_package = not file.endswith(".py") or file.endswith("/__init__.py")
        if is_package and (self._python.regular(below) or self._python.namespace(below)):
            return True
        text = (self._ground.read(self._ground.path(file)) or "") if file.endswith(".py") else ""
        return re.search(rf"\b{re.escape(member)}\b", text) is not None

    def _declared(self, name: str, here: str) -> str | None:
        """The module of a distribution of this repository that the project asks for by its name: a workspace's member,
        or a private package whose source is here."""
        wanted = self._python.required(here)
        if not wanted:
            return None
        known = self._ground.once.get(("distributions",), self._distributions)
        for distribution in sorted(wanted & known.keys()):
            folders = known[distribution]
            if len(folders) == 1:
                anchors = tuple(self._python.own_anchors(folders[0]))
                if (found := self._python.at_anchors(name.split("."), anchors)) is not None:
                    return found
        return None

    def _distributions(self) -> dict[str, tuple[str, ...]]:
        """The folders of the repository's own distributions by normalised name."""
        top = self._ground.workspace.boundary
        found: dict[str, list[str]] = {}
        folders = self._ground.disk.tree(top).folders_with(*METADATA)
        for below in folders[:MAX_METADATA]:
            folder = os.path.join(top, *below.split("/")) if below else top
            name = self._python.layout(folder).name
            if name is not None:
                found.setdefault(name, []).append(folder)
        return {name: tuple(folders) for name, folders in found.items()}

    def is_required(self, name: str, importer: str) -> bool:
        """Whether a package is asked for that has the name of an import in a file, or nearly so."""
        return self._is_required(name, os.path.dirname(self._ground.path(importer)))

    def _is_required(self, name: str, here: str) -> bool:
        """Whether a requirement's name holds the import's (PyJWT's is ``jwt``, python-dateutil's ``dateutil``)."""
        listed, locked = self._ground.once.get(("required", here), lambda: self._requirements(here))
        plain = _plain(name)
        if plain in locked or plain in listed:
            return True
        return len(plain) > 2 and any(one.startswith(plain) or one.endswith(plain) for one in listed)

    def _requirements(self, here: str) -> tuple[frozenset[str], frozenset[str]]:
        own = {_plain(name) for name in self._ground.once.get(("distributions",), self._distributions)}
        words: set[str] = set()
        locked: set[str] = set()
        folders = dict.fromkeys((self._ground.root, self._ground.package, *self._ground.workspace.upwards(here)))
        for folder in folders:
            for name in self._ground.disk.entries(folder):
                if name in _LOCKS or _REQUIREMENTS.match(name):
                    text = (self._ground.read(os.path.join(folder, name)) or "")[:_MAX_TEXT]
                    if name in _LOCKS:
                        locked |= {_plain(match[1] or match[2]) for match in _LOCKED.finditer(text)}
                    else:
                        words |= {_plain(word) for word in _WORD.findall(text[:100_000])}
        return frozenset(words) - own, frozenset(locked) - own

    # javascript

    def javascript(self, specifier: str, here: str, is_package: Callable[[], bool] = lambda: False) -> Fit:
        """The files that a relative path, a path on Lambda, a package of this repository, or a name that is no
        package's may mean; ``here`` is the importing file's folder, absolute."""
        specifier = specifier.partition("?")[0].replace("\\", "/")
        inside = ""
        if specifier.startswith("."):
            tail = "/".join(piece for piece in specifier.split("/") if piece not in (".", "..", ""))
        elif specifier.startswith("/"):
            tail = "/".join(specifier.split("/")[2:])
            inside = tail  # layers keep `nodejs/` in the repository, or what a build puts there
            tail = tail.removeprefix("nodejs/").removeprefix("node_modules/")
        elif specifier.startswith(("@/", "~/")):
            tail = specifier[2:]
        else:
            name, subpath = package_name(specifier)
            if name is None:
                return Fit()
            manifest = self._ground.workspace.nearest_manifest(here)
            # A name that a package.json of its own does not ask for is a file that a bundler was told of.
            if manifest is None or name in manifest.dependencies() or specifier.startswith("@"):
                return self._package(name, subpath, here)
            if is_package():
                return Fit()
            tail = specifier
        if not tail or tail.partition(".")[0] == "index":
            return Fit()

        def find(top: str) -> list[str]:
            files = self._ground.disk.tree(top).by_name
            for fromkey in dict.fromkeys((inside or tail, tail)):
                names, indexes = _javascript_tails(fromkey)
                if found := _sources(fitting(files, names) or fitting(files, indexes)):
                    return found
            return []

        return self._first(find)

    def _package(self, name: str, subpath: str, here: str) -> Fit:
        """A package of the repository that no workspace lists. Its folder mostly has its name, or the last part of
        it; only such are looked into."""
        top = self._ground.workspace.boundary
        tree = self._ground.disk.tree(top)
        found: list[str] = []
        for below in tree.folders_with("package.json"):
            last = below.rpartition("/")[2]
            if last and name.replace("@", "").replace("/", "-").endswith(last):
                folder = os.path.join(top, *below.split("/"))
                manifest = self._ground.workspace.manifest(folder)
                if manifest is not None and manifest.name == name:
                    file = self._node.in_package(folder, subpath, here)
                    found += [file] if file is not None else []
        return Fit(tuple(found), tree.is_whole)


def _javascript_tails(tail: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ends of paths that an import's end may mean: files, and those that stand for a folder."""
    stem, ending = os.path.splitext(tail)
    stems = (tail, stem) if ending in _JS_ENDINGS else (tail,)
    names = tuple(one + suffix for one in stems for suffix in _JS_ENDINGS)
    return (tail, *names) if ending in _JS_ENDINGS else names, tuple(f"{tail}/index{one}" for one in JS_EXTENSIONS)


def _sources(files: list[str]) -> list[str]:
    """Of files beside each other that differ in their ending only, what the others are made of."""
    found: dict[str, str] = {}
    for file in sorted(files, key=lambda one: _JS_ENDINGS.index(os.path.splitext(one)[1])):
        found.setdefault(os.path.splitext(file)[0], file)
    return list(found.values())


def _plain(name: str) -> str:
    return python_name(name).replace("-", "")


def _above(file: str, tail: str) -> str:
    """The folder that an import's first name stands in."""
    return file.rstrip("/").removesuffix("/__init__.py").removesuffix(".py")[: -len(tail)].rstrip("/")


def _starts_imports(folder: str, packages: frozenset[str]) -> bool:
    """Whether absolute imports may start in a folder: one that is no package, and also with an ``__init__.py`` (people
    put it there) the top, a distribution's ``src`` and the root of a layer, which Lambda puts on ``sys.path``
    (https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html)."""
    return folder not in packages or folder.rpartition("/")[2] in _ROOTS
