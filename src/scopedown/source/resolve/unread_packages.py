"""Packages that are not read: which of them may call AWS, and what.

A package cannot where the table says so, where it is types only, or where a lock file shows all that it brings and none
of it is an SDK or signs requests, or where the published code of a version that the project declares was examined, and
leads to neither. Any other may; where the lock file shows the SDK's clients that it brings, it may
call their services only. Lock files are looked for from the importing file's folder upwards to the repository's, and in
the folders that are packaged.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from scopedown.catalog.action_patterns import ANYTHING, of_service
from scopedown.catalog.model import Catalog, Service
from scopedown.core.coverage import HINT, Cause
from scopedown.core.words import some_of
from scopedown.source.packages.declared import declared_versions
from scopedown.source.packages.examined import graph, names_no_sdk
from scopedown.source.packages.lock import Lock
from scopedown.source.packages.read import NAMES, is_requirements, lock_of
from scopedown.source.packages.table import Known, distributions, known, sounds_of_aws
from scopedown.source.resolve.installed import Installed
from scopedown.source.resolve.installed_graph import node_graph, python_graph
from scopedown.source.resolve.manifest import Manifest
from scopedown.source.resolve.node import package_name
from scopedown.source.resolve.search_path import Ground
from scopedown.source.resolve.units import UnitRules

_DECLARING: Final = re.compile(
    r"^(?:[\w.-]*requirements[\w.-]*\.(?:txt|in)|Pipfile|pyproject\.toml|setup\.(?:py|cfg)|environment\.ya?ml)$"
)
_LOCK: Final = "commit the lock file, install the package in the project, or " + HINT


@dataclass(frozen=True, slots=True)
class Judged:
    """A module by its package. ``cause`` is None where it cannot call AWS, else ``may_call`` says what it may."""

    name: str
    cause: Cause | None = None
    what: str = ""
    may_call: tuple[str, ...] = ()
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class PackageRules:
    """How the packages of a language are named and locked."""

    key: Callable[[str], str | None]
    """What is judged of a module's name."""
    names: Callable[[str], Iterable[str]]
    """The packages that a module may be of."""
    is_about: Callable[[Known, str], bool]
    is_further_lock: Callable[[str], bool]
    """Whether a file locks packages whose name is not one of the lock files'."""
    judge: Callable[[Packages, str, str, Catalog], Judged]


class Packages:
    """The packages that the code of one function imports."""

    def __init__(self, ground: Ground, installed: Installed, rules: Mapping[str, PackageRules]) -> None:
        self._rules = rules
        self._ground = ground
        self._installed = installed

    def judge(self, specifier: str, importer: str, language: str, catalog: Catalog) -> Judged:
        """What is known of a module that was not found; ``importer`` is a file's absolute path."""
        rules = self._rules[language]
        key = rules.key(specifier)
        if key is None or key.startswith(("#", ".", "/")):
            return _leads_nowhere(specifier)
        if ":" in key or "!" in key:
            return Judged(specifier, Cause.PACKAGE, f"scopedown did not read {specifier}", ANYTHING, HINT)
        found = self._ground.once.get(
            ("judged", language, key, importer), lambda: rules.judge(self, key, importer, catalog)
        )
        return found

    def is_public(self, specifier: str, language: str) -> bool:
        """Whether the table knows a package of this name, which no project would give to a module of its own."""
        return any(not row.wants_declaring for row in self._rows_of(specifier, language))

    def is_known(self, specifier: str, language: str) -> bool:
        """Whether a module is of a package that the table has, by a name that no project would give to its own."""
        row = next(self._rows_of(specifier, language), None)
        return row is not None and not row.wants_declaring

    def _rows_of(self, module: str, language: str) -> Iterator[Known]:
        """The rows of the packages that a module may be of."""
        rules = self._rules[language]
        for name in rules.names(module):
            row = known(name, language)
            if row is not None and row.kind != "own-name" and rules.is_about(row, module):
                yield row

    def may_call(self, name: str, importer: str, language: str, catalog: Catalog) -> tuple[str, ...]:
        """What an installed package may call that was read and not understood."""
        for lock in self._locks(os.path.dirname(importer), language):
            for one in self._rules[language].names(name):
                if (judged := by_lock(lock, one, language, catalog)) is not None:
                    return judged.may_call or ANYTHING
        return ANYTHING

    def _javascript(self, name: str, importer: str, catalog: Catalog) -> Judged:
        here = os.path.dirname(importer)
        row = known(name, "javascript")
        if row is not None and not row.wants_declaring:
            return self.by_table(name, row, importer, catalog)
        types = "@types/" + name.removeprefix("@").replace("/", "__")
        found = self.by_locks(name, (name,), here, "javascript", catalog, types)
        if found is None and (installed := node_graph(self._installed, name, here)) is not None:
            found = by_lock(installed, name, "javascript", catalog)
        declared = [manifest.dependencies() for manifest in self._manifests(here)]
        if row is None and (found is None or found.remedy == _LOCK) and not self._is_of_a_team(name, here):
            versions = (*self._locked(name, here, "javascript"), *(of[name] for of in declared if name in of))
            found = by_examined(name, versions[:1], "javascript", catalog) or found
        if found is not None:
            return found if row is None else Judged(name)
        if any(name in of for of in declared) or not declared:
            return Judged(name) if row is not None else _undescribed(name)
        return Judged(name) if any(types in of for of in declared) else _leads_nowhere(name)

    def _python(self, module: str, importer: str, catalog: Catalog) -> Judged:
        top = module.partition(".")[0]
        here = os.path.dirname(importer)
        names = tuple(distributions(module))
        row = next(self._rows_of(module, "python"), None)
        if row is not None and not row.wants_declaring:
            return self.by_table(top, row, importer, catalog)
        found = self.by_locks(top, names, here, "python", catalog)
        if found is None and (installed := python_graph(self._installed, module, here)) is not None:
            found = by_lock(installed[1], installed[0], "python", catalog)
        if row is None and (found is None or found.remedy == _LOCK):
            found = self._python_examined(names, here, catalog) or found
        if found is not None:
            return replace(found, name=top) if row is None else Judged(top)
        declared = self._ground.once.get(("declaring", here), lambda: self._declared(here))
        if any(one in declared for one in (*map(_bare, names), _bare(top))):
            return Judged(top) if row is not None else _undescribed(top)
        return replace(_leads_nowhere(module), name=top)

    def _python_examined(self, names: tuple[str, ...], here: str, catalog: Catalog) -> Judged | None:
        """What was examined of the first package of these names that is declared."""
        texts = self._ground.once.get(("declaring files", here), lambda: tuple(self._declaring(here)))
        for one in names:
            versions = (*self._locked(one, here, "python"), *declared_versions(one, texts))
            if versions:
                return by_examined(one, versions[:1], "python", catalog)
        return None

    def _locked(self, name: str, here: str, language: str) -> Iterator[str]:
        """The version of a package that the nearest lock file with one has."""
        yield from (lock.versions[name] for lock in self._locks(here, language) if name in lock.versions)

    def _is_of_a_team(self, name: str, here: str) -> bool:
        """Whether a package's scope has a registry of its own
        (https://docs.npmjs.com/cli/using-npm/scope#associating-a-scope-with-a-registry)."""
        scope = name.partition("/")[0] + ":registry"
        return name.startswith("@") and any(
            scope in (self._ground.read(os.path.join(folder, ".npmrc")) or "") for folder in self._folders(here)
        )

    def by_locks(
        self, name: str, names: tuple[str, ...], here: str, language: str, catalog: Catalog, types: str = ""
    ) -> Judged | None:
        """What the nearest lock file that has the package says; another one counts where that does not show all."""
        first: Judged | None = None
        typed = False
        for lock in self._locks(here, language):
            for one in names:
                judged = by_lock(lock, one, language, catalog)
                if judged is not None and judged.cause is None:
                    return Judged(name)
                if judged is not None and "*" not in judged.may_call:
                    return judged
                first = first or judged
            typed = typed or types in lock.needs
        return Judged(name) if first is None and typed else first

    def by_table(self, name: str, row: Known, importer: str, catalog: Catalog) -> Judged:
        """What the table says of a package, given what stands in the importing file."""
        source = (self._ground.read(importer) or row.word) if row.word else ""
        if not row.may_be_asked(source):
            return Judged(name)
        return Judged(
            name, Cause.PACKAGE, f"scopedown did not read {name}: {row.about}", patterns(name, row, catalog), HINT
        )

    # where

    def _declared(self, here: str) -> str:
        """What the repository says that it requires, as one text in which names are looked for."""
        return _bare("\n".join(self._declaring(here)))

    def _declaring(self, here: str) -> Iterator[str]:
        for folder in self._folders(here):
            names = [name for name in self._ground.disk.entries(folder) if _DECLARING.match(name)]
            yield from ((self._ground.read(os.path.join(folder, name)) or "")[:200_000] for name in names)

    def _manifests(self, here: str) -> Iterator[Manifest]:
        for folder in self._folders(here):
            manifest = self._ground.workspace.manifest(folder)
            if manifest is not None:
                yield manifest

    def _folders(self, here: str) -> Iterator[str]:
        """Where lock files and manifests may stand: from the importing file upwards, then what is packaged."""
        ground = self._ground
        starts = [here, ground.package, ground.root]
        starts += [os.path.join(layer, inner) for layer in ground.layers for inner in ("nodejs", "python", "")]
        seen: set[str] = set()
        for start in starts:
            for folder in ground.workspace.upwards(os.path.normpath(start)):
                if folder in seen:
                    break
                seen.add(folder)
                yield folder

    def _locks(self, here: str, language: str) -> Iterator[Lock]:
        disk = self._ground.disk
        for folder in self._folders(here):
            entries = disk.entries(folder)
            names = [name for name in NAMES.get(language, ()) if name in entries]
            names += filter(self._rules[language].is_further_lock, entries)
            for name in names:
                path = os.path.join(folder, name)
                if self._ground.workspace.reaches(path):
                    lock = disk.shared.get(("lock", path), lambda path=path: self._lock(path))  # type: ignore[misc]
                    if lock is not None:
                        yield lock

    def _lock(self, path: str) -> Lock | None:
        try:
            return lock_of(os.path.basename(path), self._ground.disk.read(path, large=True))
        except OSError:
            return None


def _bare(text: str) -> str:
    return re.sub(r"[-_.]+", "", text.lower())


def _leads_nowhere(specifier: str) -> Judged:
    what = f"scopedown did not find {specifier}"
    if not specifier.startswith((".", "/", "#")):
        what += ", and no file of the project declares such a package"
    return Judged(specifier, Cause.IMPORT, what, ANYTHING, f"commit the code, or {HINT}")


def _undescribed(name: str) -> Judged:
    return Judged(
        name, Cause.PACKAGE, f"scopedown did not read {name}, and no lock file lists its dependencies", ANYTHING, _LOCK
    )


def _is_imported_as(row: Known, module: str) -> bool:
    """Whether a row is about this module: one that names its imports is about no other."""
    return not row.imports or any(module == import_ or module.startswith(import_ + ".") for import_ in row.imports)


def by_lock(lock: Lock, name: str, language: str, catalog: Catalog) -> Judged | None:
    """What a lock file says of a package; None where it does not have it."""

    def ends_at(one: str) -> bool:
        row = known(one, language)
        return row is not None and row.kind != "own-name" and one != name

    closure = lock.closure(name, ends_at)
    if closure is None:
        return None
    if not closure.whole:
        own = sorted((closure.names if lock.listed is None else {name}) & lock.own)
        if own:
            what = (
                f"scopedown did not read {name}: the lock file takes {some_of(own)} from a folder, a repository or "
                "another registry, so it may be your team's own"
            )
            return Judged(name, Cause.PACKAGE, what, ANYTHING, HINT)
        what = f"scopedown did not read {name}, and no lock file lists all its dependencies"
        return Judged(name, Cause.PACKAGE, what, ANYTHING, _LOCK)
    allowed: dict[str, None] = {}
    because: list[str] = []
    for one in sorted(closure.names):
        row = known(one, language)
        found: tuple[str, ...] = ()
        if row is not None and row.kind != "own-name":
            found = patterns(one, row, catalog) if row.calls_aws else ()
        elif (named := sounds_of_aws(one)) and not (
            _brings_sdk(lock, one, language) or names_no_sdk(one, lock.versions.get(one, ""), language)
        ):
            found = named
        if found:
            allowed.update(dict.fromkeys(found))
            because.append(one)
    if not because:
        return Judged(name)
    others = [one for one in because if one != name]
    depends = "depends" if lock.listed is None else "may depend"
    brings = f"it {depends} on {some_of(others)}" if others else "its name suggests that it calls AWS"
    may_call = ANYTHING if "*" in allowed else tuple(sorted(allowed))
    return Judged(name, Cause.PACKAGE, f"scopedown did not read {name}: {brings}", may_call, HINT)


def by_examined(name: str, versions: Iterable[str], language: str, catalog: Catalog) -> Judged | None:
    """What the code of a package shows whose declared version was examined; None where that is not all of it."""
    for wanted in versions:
        lock = graph(name, wanted, language)
        judged = by_lock(lock, name, language, catalog) if lock is not None else None
        if judged is not None and "*" not in judged.may_call:
            return judged
    return None


def _brings_sdk(lock: Lock, name: str, language: str) -> bool:
    """Whether a package requires an SDK itself, so that what it may call is known by that."""
    closure = lock.closure(name, lambda one: (row := known(one, language)) is not None and row.kind != "own-name")
    return closure is not None and any((row := known(one, language)) and row.calls_aws for one in closure.names)


def patterns(name: str, row: Known, catalog: Catalog) -> tuple[str, ...]:
    """The patterns of IAM actions that an SDK's package may call."""
    if row.may_call != ("client",):
        return row.may_call or ANYTHING
    service = catalog.service_of_v3_package(name) or _named_last(name, catalog)
    return of_service(catalog, service.name) if service is not None else ANYTHING


def _named_last(name: str, catalog: Catalog) -> Service | None:
    """The service whose id is the last part of a package's name (``…/service/dynamodb``)."""
    last = name.rpartition("/")[2]
    return next((one for one in catalog.services() if _bare(one.service_id.replace(" ", "")) == last), None)


PYTHON: Final = PackageRules(lambda module: module, distributions, _is_imported_as, is_requirements, Packages._python)
NODE: Final = PackageRules(
    lambda module: package_name(module)[0],
    lambda module: (package_name(module)[0] or "",),
    lambda row, module: True,
    lambda file: False,
    Packages._javascript,
)
OF_FILES: Final = {"python": PYTHON, "node": NODE}
"""By the column ``imports`` of ``languages.tsv``."""


def of_units(language: str, rules: Callable[[], UnitRules]) -> PackageRules:
    """The packages of a language that binds names by packages: what its ``files.py`` calls them."""

    def judge(packages: Packages, name: str, importer: str, catalog: Catalog) -> Judged:
        tables = (language, *getattr(rules(), "SHARES", ()))
        row = next((row for one in tables if (row := known(name, one)) is not None), None)
        if row is not None and not row.wants_declaring:
            return packages.by_table(name, row, importer, catalog)
        found = packages.by_locks(name, (name,), os.path.dirname(importer), language, catalog)
        return found or (Judged(name) if row is not None else _undescribed(name))

    return PackageRules(
        lambda name: rules().package_of(name) or name, lambda name: (rules().package_of(name) or name,),
        lambda row, name: True, lambda file: False, judge,
    )  # fmt: skip
