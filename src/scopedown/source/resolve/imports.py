"""Each language's rules of imports over one function's files: what :class:`~scopedown.source.sources.Sources` asks.

The rules are in the modules beside this one; here stands what tells the languages apart.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from scopedown.source.resolve.elsewhere import Elsewhere, Fit
from scopedown.source.resolve.installed import Installed
from scopedown.source.resolve.listing import Listing, Listings, Pieces
from scopedown.source.resolve.node import JS_EXTENSIONS, NodeModules
from scopedown.source.resolve.python import PythonModules, SearchPath
from scopedown.source.resolve.search_path import Ground, is_installed


@dataclass(frozen=True, slots=True, eq=False)
class Resolvers:
    """What finds modules in one function's files."""

    ground: Ground
    node: NodeModules
    python: PythonModules
    installed: Installed
    elsewhere: Elsewhere
    listings: Listings


def resolvers(ground: Ground) -> Resolvers:
    """All of them over one ground."""
    node, python = NodeModules(ground), PythonModules(ground)
    installed = Installed(ground, node, python)
    return Resolvers(
        ground, node, python, installed, Elsewhere(ground, node, python), Listings(ground, node, python)
    )  # fmt: skip


class Imports(Protocol):
    """The imports of one language; ``importer`` is a file's name, relative to the root."""

    endings: tuple[str, ...]
    """What its modules' files end in."""
    asks_for_members: bool
    """Whether an import may name one member of a module, which decides where the module is."""

    def resolve(self, specifier: str, importer: str, search: tuple[SearchPath, ...]) -> str | None:
        """The file (or package folder, ending in ``/``) of the project's code that an import means."""

    def installed(self, specifier: str, importer: str) -> str | None:
        """The file of an installed package that reaches an SDK."""

    def elsewhere(self, specifier: str, importer: str, member: str | None, is_package: Callable[[], bool]) -> Fit:
        """The files of the repository that an import may mean which is not at its place."""

    def is_own(self, specifier: str, importer: str, search: tuple[SearchPath, ...]) -> bool:
        """Whether a bare import names code of the project by how it is written."""

    def is_installed(self, file: str) -> bool:
        """Whether a file belongs to an installed package, not to the project."""

    def listed(self, pieces: Pieces, importer: str, search: tuple[SearchPath, ...]) -> Listing | None:
        """The files that a name may mean of which only parts are known."""


class PythonImports:
    """https://docs.python.org/3/reference/import.html"""

    endings: tuple[str, ...] = (".py",)
    asks_for_members = True

    def __init__(self, found: Resolvers) -> None:
        self._found = found

    def resolve(self, specifier: str, importer: str, search: tuple[SearchPath, ...]) -> str | None:
        """``search`` are the folders that code has put on ``sys.path``."""
        return self._found.ground.once.get(
            ("python", specifier, importer, search), lambda: self._resolve(specifier, importer, search)
        )

    def _resolve(self, specifier: str, importer: str, search: tuple[SearchPath, ...]) -> str | None:
        ground, installed = self._found.ground, self._found.installed
        file = self._found.python.resolve(specifier, ground.path(importer), search)
        if file is not None and not specifier.startswith(".") and installed.is_distributed(file):
            return file if installed.reaches_sdk(file) else None
        return file

    def installed(self, specifier: str, importer: str) -> str | None:
        """In ``site-packages``, or below the function's own folder."""
        return self._found.installed.python(specifier, self._found.ground.path(importer))

    def elsewhere(self, specifier: str, importer: str, member: str | None, is_package: Callable[[], bool]) -> Fit:
        """By the end of its path."""
        return self._found.elsewhere.python(specifier, importer, member, is_package)

    def is_own(self, specifier: str, importer: str, search: tuple[SearchPath, ...]) -> bool:
        """Where the outermost package is the project's."""
        first = specifier.partition(".")[0]
        file = self.resolve(first, importer, search) if first != specifier else None
        if file is None or self.is_installed(file):
            return False
        is_folder = file.endswith("/")
        return file.endswith("/__init__.py") or (is_folder and not self._found.elsewhere.is_required(first, importer))

    def is_installed(self, file: str) -> bool:
        """Whether a file belongs to an installed package: pip may have put it into the function's own folder."""
        return is_installed(file) or (
            file.endswith(".py") and "#" not in file and self._found.installed.is_distributed(file)
        )

    def listed(self, pieces: Pieces, importer: str, search: tuple[SearchPath, ...]) -> Listing | None:
        """Modules of a package."""
        key = ("listed", "python", pieces, importer, search)
        path = self._found.ground.path(importer)
        return self._found.ground.once.get(key, lambda: self._found.listings.python(pieces, path, search))


class NodeImports:
    """https://nodejs.org/api/modules.html, https://www.typescriptlang.org/docs/handbook/modules/reference.html"""

    endings: tuple[str, ...] = JS_EXTENSIONS
    asks_for_members = False

    def __init__(self, found: Resolvers) -> None:
        self._found = found

    def resolve(self, specifier: str, importer: str, search: tuple[SearchPath, ...]) -> str | None:
        """Alike for all files of a folder."""
        ground = self._found.ground
        return ground.once.get(
            ("javascript", specifier, os.path.dirname(importer)),
            lambda: self._found.node.resolve(specifier, ground.path(importer)),
        )

    def installed(self, specifier: str, importer: str) -> str | None:
        """In ``node_modules``."""
        return self._found.installed.javascript(specifier, self._found.ground.path(importer))

    def elsewhere(self, specifier: str, importer: str, member: str | None, is_package: Callable[[], bool]) -> Fit:
        """By the end of its path."""
        here = os.path.dirname(self._found.ground.path(importer))
        return self._found.elsewhere.javascript(specifier, here, is_package)

    def is_own(self, specifier: str, importer: str, search: tuple[SearchPath, ...]) -> bool:
        """An alias of the compiler, or a workspace's package."""
        return self._found.node.is_own(specifier, self._found.ground.path(importer))

    def is_installed(self, file: str) -> bool:
        """Below a package manager's folder."""
        return is_installed(file)

    def listed(self, pieces: Pieces, importer: str, search: tuple[SearchPath, ...]) -> Listing | None:
        """Files below a folder."""
        key = ("listed", "javascript", pieces, importer, search)
        path = self._found.ground.path(importer)
        return self._found.ground.once.get(key, lambda: self._found.listings.javascript(pieces, path))


class UnitImports:
    """Languages that bind names by packages have no imports that lead to a file by themselves (``units.py``)."""

    asks_for_members = False

    def __init__(self, endings: tuple[str, ...], found: Resolvers) -> None:
        self.endings = endings

    def resolve(self, specifier: str, importer: str, search: tuple[SearchPath, ...]) -> str | None:
        """None."""

    def installed(self, specifier: str, importer: str) -> str | None:
        """None: packages of these languages are not read."""

    def elsewhere(self, specifier: str, importer: str, member: str | None, is_package: Callable[[], bool]) -> Fit:
        """Nothing fits."""
        return Fit()

    def is_own(self, specifier: str, importer: str, search: tuple[SearchPath, ...]) -> bool:
        """A name that leads nowhere is a package's."""
        return False

    def is_installed(self, file: str) -> bool:
        """Below a package manager's folder."""
        return is_installed(file)

    def listed(self, pieces: Pieces, importer: str, search: tuple[SearchPath, ...]) -> Listing | None:
        """Names are not put together at run time."""


OF_FILES: Final[Mapping[str, Callable[[Resolvers], Imports]]] = {"python": PythonImports, "node": NodeImports}
"""The rules of languages whose imports lead to files, by the column ``imports`` of ``languages.tsv``."""
