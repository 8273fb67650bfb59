"""Source files on demand: import specifiers to files, files to the intermediate form, each read once.

One :class:`Sources` serves every handler of a project, so a shared module is parsed once. Files are data:
nothing is imported or run. What cannot be read or parsed is a finding, and the rest goes on.

Nothing here asks the file system itself: every question goes through a :class:`~scopedown.source.disk.Disk`, which
knows what a result depends on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from scopedown.core.finding import Finding
from scopedown.core.place import Place
from scopedown.source import ir
from scopedown.source.disk import Disk, Once, TooLarge
from scopedown.source.language import language_of, languages
from scopedown.source.outline import Outline, outline
from scopedown.source.resolve.imports import resolvers
from scopedown.source.resolve.listing import Listing, Pieces
from scopedown.source.resolve.python import SearchPath
from scopedown.source.resolve.search_path import Ground, is_installed
from scopedown.source.resolve.units import Named, Unit
from scopedown.source.resolve.workspace import Workspace

if TYPE_CHECKING:
    from scopedown.catalog.model import Catalog
    from scopedown.source.resolve.unread_packages import Packages

Answer = TypeVar("Answer")

HINT = b"scopedown:"
"""What every hint in a comment begins with."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """A module that is not at its place: ``installed`` in a package, or ``alone``, the only one elsewhere that fits.

    ``file`` is None where there is none to take: ``several`` fit, or (not ``searched``) not all of the repository was
    looked through.
    """

    file: str | None
    installed: bool = False
    alone: bool = False
    several: tuple[str, ...] = ()
    searched: bool = True


class Sources:
    """The source files below (and beside) one project's folder.

    ``root`` is the project's folder, absolute. Files are named relative to it, with forward slashes (``../`` for code
    shared from outside). ``package`` is the folder below it that a function's code is packaged from, and ``layers``
    those of its layers: absolute imports are looked for there first, as Lambda does. ``environment`` are variables of
    the function that are known text (``PYTHONPATH`` and ``NODE_PATH`` matter). ``search`` are folders that a build lays
    beside the package, ``others`` those that the project's functions are packaged from. ``bounded``: only the
    repository's files are found; a configuration may name any file, as it may in YAML.
    """

    def __init__(
        self,
        root: str,
        package: str = "",
        layers: Sequence[str] = (),
        disk: Disk | None = None,
        environment: Mapping[str, str] | None = None,
        search: Sequence[str] = (),
        others: Iterable[str] = (),
        bounded: bool = True,
    ) -> None:
        self.root = os.path.realpath(root)
        self.disk = disk or Disk()
        self._once = Once(self.disk)
        self.layers = [self.path(layer) for layer in layers]
        """The folders of the function's layers, absolute."""
        self.package = self.path(package) if package else self.root
        """The folder that is packaged, absolute."""
        self._others = [other for other in map(self.path, others) if not _is_inside(self.package, other)]
        workspace = Workspace(self.root, self.disk, self._once)
        self.ground = Ground(
            self.root, self.package, tuple(self.layers), environment or {}, self.disk, self._once, workspace,
            tuple(self.path(folder) for folder in search), bounded,
        )  # fmt: skip
        """Where its modules are looked for."""
        self._resolvers = resolvers(self.ground)
        self._imports = {name: language.imports(self._resolvers) for name, language in languages().items()}
        self._inline: dict[str, tuple[str, Place]] = {}
        self._units: dict[tuple[str, tuple[str, ...]], Unit] = {}
        self._outlines: dict[str, Outline] = {}
        self.findings: dict[str, Finding] = {}
        self.hinted: dict[str, bytes] = {}
        """The sources, of those that were read, that seem to hold hints (``hints.py``)."""

    @cached_property
    def packages(self) -> Packages:
        """What is known of packages that are not read."""
        from scopedown.source.resolve.unread_packages import Packages  # with the readers of all lock files

        rules = {name: language.packages() for name, language in languages().items()}
        return Packages(self.ground, self._resolvers.installed, rules)

    def load(self, file: str) -> ir.Module | None:
        """The lowered module, or None (with a finding) where it cannot be read."""
        return self._once.get(("load", file), lambda: self._read(file))

    def outline(self, file: str) -> Outline | None:
        """The functions and calls of a file; None where it cannot be read."""
        module = self.load(file)
        if module is None:
            return None
        if file not in self._outlines:
            self._outlines[file] = outline(module)
        return self._outlines[file]

    def add_inline(self, file: str, text: str, at: Place) -> None:
        """Code that a template holds, under a name of its own; ``at`` is where its first line stands."""
        self._inline[file] = text, at

    def once(self, key: Hashable, find: Callable[[], Answer]) -> Answer:
        """What is worked out of the files once, for every handler."""
        return self._once.get(key, find)

    def text(self, file: str) -> bytes | None:
        """The text of a source file; None where it cannot be read."""
        try:
            if file in self._inline:
                return self._inline[file][0].encode("utf-8", "surrogatepass")
            return self.disk.read(self.path(file))
        except OSError:
            return None

    def place(self, file: str, line: int = 1, column: int = 1) -> Place:
        """A place for people: that of inline code is in its template."""
        if file in self._inline:
            at = self._inline[file][1]
            return Place(at.file, at.line + line - 1, column)
        return Place(file, line, column)

    def json(self, file: str) -> Any:
        """The data of a JSON file that code imports, or None where it is not JSON."""
        try:
            return json.loads(self.disk.read(self.path(file)))
        except (OSError, ValueError, RecursionError):
            return None

    def path(self, file: str) -> str:
        """The absolute path of a file named relative to the root."""
        return os.path.normpath(os.path.join(self.root, *file.split("/")))

    def resolve(self, specifier: str, importer: str, language: str, search: tuple[SearchPath, ...] = ()) -> str | None:
        """The file (or Python package folder, ending in ``/``) that an import means, or None outside the project.

        ``search`` are the folders that Python code has put on ``sys.path``. A package that pip put into the function's
        own folder is none of the project's code; see :meth:`beyond`.
        """
        if "\0" in specifier or len(specifier) > 1000:
            return None
        return self._imports[language].resolve(specifier, importer, search)

    def beyond(
        self, specifier: str, importer: str, language: str, member: str | None = None, catalog: Catalog | None = None
    ) -> Beyond | None:
        """The file that an import means where neither the project nor the language has the module: in an installed
        package that reaches an SDK, else the only one of the repository whose path ends like it (and has ``member``,
        which is asked of it). None where nothing fits."""
        if "\0" in specifier or len(specifier) > 1000:
            return None
        member = member if self._imports[language].asks_for_members else None
        return self._once.get(
            ("beyond", language, specifier, importer, member),
            lambda: self._find_beyond(specifier, importer, language, member, catalog),
        )

    def _find_beyond(
        self, specifier: str, importer: str, language: str, member: str | None, catalog: Catalog | None
    ) -> Beyond | None:
        imports = self._imports[language]
        if not specifier.startswith((".", "/")) and (file := imports.installed(specifier, importer)) is not None:
            return Beyond(file, is_installed(file))
        if self.is_installed(importer) or self.packages.is_known(specifier, language):
            return None
        if not specifier.startswith((".", "/", "#")) and self.packages.is_public(specifier, language):
            return None

        def is_package() -> bool:
            """Whether a table or a lock file knows the package, and that it calls nothing."""
            return (
                catalog is not None
                and self.packages.judge(specifier, self.path(importer), language, catalog).cause is None
            )

        fit = imports.elsewhere(specifier, importer, member, is_package)
        files = [one for one in fit.files if one != importer and not self.is_installed(one)]
        if len(files) == 1 and fit.is_whole and self.ground.workspace.reaches(self.path(files[0].rstrip("/"))):
            return Beyond(files[0], alone=not fit.is_declared)
        if not files and fit.is_whole:
            return None
        return Beyond(None, several=tuple(files), searched=fit.is_whole)

    def unit(self, file: str) -> Unit | None:
        """The files that are compiled with one, in languages that bind names by packages."""
        language = language_of(file)
        if language.units is None:
            return None
        rules = language.units()
        where = os.path.dirname(file) if file not in self._inline else "."
        roots = self._once.get(("roots", language.name, where), lambda: tuple(rules.roots(self.ground, file)))
        key = language.name, roots
        if key not in self._units:
            endings: tuple[str, ...] = getattr(rules, "ENDINGS", language.endings)
            self._units[key] = Unit(self.ground, rules, endings, roots)
        return self._units[key]

    def named(self, qualified: str, importer: str, separator: str) -> Named | None:
        """Where a qualified name is declared in the importing file's unit."""
        unit = self.unit(importer)
        if unit is None or len(qualified) > 1000:
            return None
        return unit.named(qualified, separator, importer, self.load)

    def is_own(self, specifier: str, importer: str, language: str, search: tuple[SearchPath, ...] = ()) -> bool:
        """Whether an import names code of the project by how it is written, also where that leads nowhere."""
        if specifier.startswith((".", "/", "#")):
            return True
        return self._imports[language].is_own(specifier, importer, search)

    def asks_for(self, distribution: str, importer: str) -> bool:
        """Whether requirements or a lock file for a Python file name a distribution."""
        return self._resolvers.elsewhere.is_required(distribution, importer)

    def is_installed(self, file: str) -> bool:
        """Whether a file belongs to an installed package, not to the project."""
        return self._once.get(("installed", file), lambda: self._imports[language_of(file).name].is_installed(file))

    def is_of_another_function(self, file: str) -> bool:
        """Whether a file is in the folder of another function's package and not in this function's."""
        path = self.path(file)
        return not _is_inside(path, self.package) and any(_is_inside(path, other) for other in self._others)

    def below_package(self, file: str) -> str:
        """A file's path relative to the folder that is packaged."""
        return os.path.relpath(self.path(file), self.package).replace(os.sep, "/")

    def listed(
        self, pieces: Pieces, importer: str, language: str, search: tuple[SearchPath, ...] = ()
    ) -> Listing | None:
        """The files that a name may mean of which only parts are known; None where they cannot be listed."""
        if any(piece is not None and ("\0" in piece or len(piece) > 1000) for piece in pieces):
            return None
        return self._imports[language].listed(pieces, importer, search)

    def listed_at(self, pieces: Pieces, language: str) -> Listing | None:
        """The files that a path of the running function may mean."""
        endings = self._imports[language].endings
        if any(piece is not None and ("\0" in piece or len(piece) > 1000) for piece in pieces):
            return None
        return self._once.get(("listed at", language, pieces), lambda: self._resolvers.listings.path(pieces, endings))

    def package_above(self, file: str) -> str | None:
        """The Python package that a module's file (a package's folder, ending in ``/``) stands in."""
        folder = os.path.dirname(self.path(file.removesuffix("/").removesuffix("/__init__.py")))
        return self._resolvers.python.regular(folder) or self._resolvers.python.namespace(folder)

    def submodule(self, directory: str, name: str) -> str | None:
        """A Python package's submodule by its folder and name."""
        path = os.path.join(self.path(directory.rstrip("/")), name)
        return self._resolvers.python.regular(path) or self._resolvers.python.namespace(path)

    def submodules(self, directory: str) -> list[str]:
        """The names of the modules in a Python package's folder."""
        entries = self.disk.entries(self.path(directory.rstrip("/")))
        return [name.removesuffix(".py") for name in entries if name.endswith(".py") and name != "__init__.py"]

    def search_path(self, written: str, before: bool) -> tuple[SearchPath, ...]:
        """The folders here that Python code means when it puts a folder of the running function on ``sys.path``."""
        return tuple((folder, before) for folder in self.ground.running(written))

    # reading

    def _read(self, file: str) -> ir.Module | None:
        try:
            if file in self._inline:
                source = self._inline[file][0].encode("utf-8", "surrogatepass")
            else:
                source = self.disk.read(self.path(file))
        except TooLarge as error:
            return self._fail(
                file, "source-too-large", f"scopedown did not read the file, because it has {error.size:,} bytes"
            )
        except OSError as error:
            return self._fail(file, "source-unreadable", f"scopedown cannot read the file: {error.strerror}")
        if b"\0" in source[:8192]:
            return self._fail(file, "source-binary", "the file is binary, not source code")
        if HINT in source:
            self.hinted[file] = source
        language = language_of(file)
        appended = None if language.units is None else getattr(language.units(), "appended", None)
        if appended is not None:
            source += appended(self.ground, file, source)
        module = self._with_everywhere(language.lower(source, file))
        if module.problems:
            (line, column), message = module.problems[0]
            self.findings[file] = Finding(
                "source-syntax",
                f"{message}; scopedown read the rest of the file",
                self.place(file, line, column),
                "correct the file, or move data to another file",
            )
        return module

    def _with_everywhere(self, module: ir.Module) -> ir.Module:
        """A module with what every file of its unit knows beside what it says itself (C#'s ``global using``)."""
        rules = languages()[module.language].units
        find = None if rules is None else getattr(rules(), "everywhere", None)
        unit = self.unit(module.file)
        if find is not None and unit is not None:
            opened, imports = self._once.get(("everywhere", unit.roots), lambda: find(self.ground, unit))
            module.opened = tuple(dict.fromkeys((*module.opened, *opened)))
            module.imports = (*imports, *module.imports)
        return module

    def _fail(self, file: str, code: str, message: str) -> ir.Module | None:
        self.findings[file] = Finding(
            code, message, self.place(file), "check that the handler or the import is correct"
        )
        return None


def _is_inside(path: str, folder: str) -> bool:
    return (path + os.sep).startswith(folder.rstrip(os.sep) + os.sep)
