"""Imports of the project's own code that are not where they should be: what is told, and what was not seen.

An import that leads nowhere hides whatever the module does, so it is a part of the code that was not seen. One that is
tried with another in its place (``try: from lib import x`` … ``except ImportError: from .lib import x``) is none, where
the other is found.
"""

from __future__ import annotations

import os
from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

from scopedown.calls.interpreter.dispatch import HINT
from scopedown.calls.machine import Machine
from scopedown.calls.values import Instance, ModuleValue, Unset, Value, options
from scopedown.core.coverage import Cause, Unseen
from scopedown.core.finding import Finding, Severity
from scopedown.core.place import Place
from scopedown.core.project_names import CDK_NAME, SERVERLESS_NAMES, TEMPLATE_NAMES
from scopedown.core.words import some_of

if TYPE_CHECKING:
    from scopedown.source.resolve.python import SearchPath
    from scopedown.source.sources import Beyond

_NAMED: Final = 6
"""Files that a message names, of those that an import may mean."""
_DATA: Final = frozenset(
    {
        ".json", ".json5", ".css", ".scss", ".sass", ".less", ".svg", ".png", ".jpg", ".jpeg", ".gif", ".ico", ".webp",
        ".html", ".htm", ".hbs", ".ejs", ".pug", ".mustache", ".mjml", ".txt", ".md", ".mdx", ".sql", ".graphql",
        ".gql", ".yml", ".yaml", ".xml", ".csv", ".pem", ".crt", ".proto", ".toml", ".woff", ".woff2", ".ttf", ".pdf",
    }
)  # fmt: skip
"""What bundlers let code import that is no code."""

_PROJECT_FILES: Final = frozenset((*SERVERLESS_NAMES, *TEMPLATE_NAMES, CDK_NAME))
"""Files that say what is deployed from a folder."""


def is_missed(run: Machine, specifier: str, beyond: Beyond | None, search: tuple[SearchPath, ...]) -> bool:
    """Whether an import that was not found hides code of the project."""
    if run.position.language.imports_data and os.path.splitext(specifier.partition("?")[0])[1].lower() in _DATA:
        return False
    if beyond is not None and beyond.several:
        return True
    return run.sources.is_own(specifier, run.position.file, run.position.language.name, search)


def missed(run: Machine, specifier: str, beyond: Beyond | None, place: Place) -> None:
    """An import of the project's own code is not followed: it leads nowhere, or to several files."""
    several = beyond.several if beyond is not None else ()
    if not several:
        where = "" if beyond is None or beyond.searched else "; the repository is too large for a complete search"
        remedy = "correct the import; if a build makes the file, run the build before scopedown"
        unseen(run, (specifier, place), f"scopedown did not find {specifier}{where}", place, remedy)
        return
    names = some_of(several, _NAMED)
    if len(several) == 1:
        what = f"{specifier} may be {names}; the repository is too large to search for other files that match"
    else:
        what = f"the import {specifier} leads to no file, and {len(several)} files match: {names}"
    remedy = "make the import unique by its path, PYTHONPATH, a requirement or a workspace"
    run.found.findings.setdefault(
        f"module ambiguous {specifier} {place}", Finding("module-ambiguous", what, place, remedy)
    )
    unseen(run, (specifier, place), what, place, remedy)


def member_missed(run: Machine, module: ModuleValue, name: str, place: Place) -> None:
    """``from package import name``: where the package has no such name, a module of it may be missing."""
    if module.loading or name.startswith("__") or name in module.frame.variables or "*" in module.frame.variables:
        return
    if run.sources.is_installed(module.file) or run.sources.is_installed(run.position.file):
        return
    if module.directory is not None and run.sources.submodule(module.directory, name) is not None:
        return
    remedy = "correct the import; if a build makes the file, run the build before scopedown"
    unseen(run, (module.file, name, place), f"scopedown did not find {name} in {module.file}", place, remedy)


def name_missed(run: Machine, name: str, place: Place) -> None:
    """A name that no file of the project and no package declares: the file that does is missing."""
    remedy = f"add the file that declares {name}; if a build makes it, run the build before scopedown"
    unseen(run, (name, place.file), f"scopedown did not find what declares {name}", place, remedy)


def method_missed(run: Machine, owner: Value, name: str, method: Value, place: Place) -> None:
    """A call of a method that no type in sight declares: a compiler would refuse it, so the file that declares the
    method is missing."""
    if not any(isinstance(option, Unset) for option in options(method)) or run.sources.is_installed(run.position.file):
        return
    is_declared = run.position.language.has_declared_methods_only
    for option in options(owner):
        if isinstance(option, Instance) and name not in option.fields and is_declared(option.cls):
            what = f"scopedown did not find the method {name} of {option.cls.definition.name}"
            remedy = "if a build makes the file, run the build before scopedown"
            unseen(run, (option.cls.definition.name, name, place), what, place, remedy)


def unseen(run: Machine, key: Hashable, what: str, place: Place, remedy: str) -> None:
    """Keep that an import leads nowhere."""
    run.found.unseen.setdefault((Cause.IMPORT, key), Unseen(Cause.IMPORT, what, place, remedy=remedy))


def tell_alone(run: Machine, specifier: str, file: str, place: Place) -> None:
    """An import was not found where it looks, and the one file that fits was read: what it calls counts, and that it
    is what is deployed there is not certain."""
    is_anothers = run.sources.is_of_another_function(file) or _is_another_projects(run, file)
    if is_anothers or specifier.startswith((".", "/", "#", "@/", "~/")):
        what = f"scopedown did not find {specifier} and read {file} instead"
        unseen(run, (specifier, file), what, place, f"correct the import, or {HINT}")
    run.found.findings.setdefault(
        f"module elsewhere {specifier} {file}",
        Finding(
            "module-elsewhere",
            f"the import {specifier} leads to no file; scopedown read {file}, the only file that matches",
            place,
            "ignore this if a build step puts the file there; else correct the import",
            Severity.NOTE,
        ),
    )


def _is_another_projects(run: Machine, file: str) -> bool:
    """Whether a file is below a folder that another project is deployed from, where our own file may have the name."""
    sources = run.sources
    for folder in sources.ground.workspace.upwards(os.path.dirname(sources.path(file.rstrip("/")))):
        if sources.root == folder or sources.root.startswith(folder + os.sep):
            return False
        if not _PROJECT_FILES.isdisjoint(sources.disk.entries(folder)):
            return True
    return False


# alternatives


class Attempts:
    """The ways in which a ``try`` statement imports a module: its body, then each of its handlers."""

    def __init__(self, run: Machine) -> None:
        self._run = run
        self._failed: list[list[Hashable]] = []
        self._found = False
        self._start()

    def _start(self) -> None:
        self._known = len(self._run.found.unseen)
        self._imported = self._run.found.imported

    def end(self) -> None:
        """One of the ways has been run."""
        run = self._run
        new = list(run.found.unseen)[self._known :] if len(run.found.unseen) > self._known else []
        failed = [
            key
            for key in new
            if (one := run.found.unseen[key]).cause is Cause.IMPORT and _is_in(one, run.position.file)
        ]
        self._found = self._found or (not failed and run.found.imported > self._imported)
        self._failed.append(failed)
        self._start()

    def settle(self) -> None:
        """Where one way found what it imports, what the others did not find is nowhere to be missed."""
        if self._found:
            for key in (key for failed in self._failed for key in failed):
                self._run.found.unseen.pop(key, None)


def forget_types(run: Machine, known: int) -> None:
    """What was imported since for a type checker alone hides nothing."""
    for key in list(run.found.unseen)[known:]:
        if run.found.unseen[key].cause in (Cause.IMPORT, Cause.PACKAGE) and _is_in(
            run.found.unseen[key], run.position.file
        ):
            del run.found.unseen[key]


def _is_in(one: Unseen, file: str) -> bool:
    return one.place is not None and one.place.file == file
