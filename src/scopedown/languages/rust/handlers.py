"""Where the code of a function in Rust begins: the program (``[[bin]]``) that its ``bootstrap`` is built from.

Which one, in this order: the build that SAM is told of (``BuildProperties.Binary``, a Makefile's target), the folder
that cargo-lambda builds into (``target/lambda/NAME``), a handler that names package and program as serverless-rust
takes it, the folder of the code, where it has a program's name, the only program of the package, the one whose name
the function's has. Sources:
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-rust.html,
https://www.cargo-lambda.info/guide/what-is-cargo-lambda.html, https://github.com/softprops/serverless-rust.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final

from scopedown.languages.rust.crates import MANIFEST, Package, code_name, join, members
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.handlers import Found
from scopedown.project.code.wanted import Wanted

_BUILT: Final = re.compile(
    r"(?:^|/)target/(?:lambda/|(?:[\w-]+/)?(?:release|debug|lambda)/)?([\w.-]+?)(?:\.zip)?(?:/|$)"
)
"""What a build makes, below ``target``; the group is the program's name."""
_RECIPE: Final = re.compile(
    r"--(?:bin|package)[ =]+([\w-]+)|-p +([\w-]+)|target/(?:lambda|(?:[\w.-]+/)?release)/([\w-]+)"
)
_TARGETS: Final = frozenset({"lambda", "release", "debug", "bootstrap"})
_HASH: Final = re.compile(r"[0-9A-F]{8}$")
"""What the CDK puts behind the name of a construct."""
_MOST: Final = 200
"""Folders that are looked into for a package."""
_DEPTH: Final = 3
_SKIPPED: Final = frozenset({"target", "node_modules", "cdk.out", "src", "tests", "examples", "benches"})


class ProjectFolders:
    """The files of a project, by paths relative to its folder."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def text(self, path: str) -> str | None:
        """The text of a file."""
        return self._sources.text(path)

    def exists(self, path: str) -> bool:
        """Whether there is such a file."""
        return self._sources.exists(path)

    def entries(self, path: str) -> list[str]:
        """The names in a folder."""
        return self._sources.entries(path or ".")

    def upwards(self, folder: str) -> Iterator[str]:
        """A folder and those above it, up to the repository's."""
        for _ in range(64):
            if not self._sources.reaches(folder or "."):
                return
            yield folder
            folder = join(folder, "..")


def find(sources: Sources, wanted: Wanted, folder: str) -> Found | None:
    """The program of a function; None where no package of Cargo stands where its code is."""
    folders = ProjectFolders(sources)
    at = join(folder or ".")
    before, target, _ = f"/{at}/".partition("/target/")
    start = before.strip("/") if target else at
    names = list(_names(sources, wanted, at))
    packages = list(_packages(folders, start, bool(target) or not names))
    if not packages:
        return _elsewhere(list(_below(folders, "")), names, wanted)
    file = _program(packages, [*names, posixpath.basename(at)], wanted)
    if file is None:
        programs = [place for one in packages for place in one.programs.values()]
        return Found(None, "main", "rust", candidates=tuple(programs)) if programs else None
    return Found(file, "main", "rust")


def _elsewhere(packages: list[Package], names: list[str], wanted: Wanted) -> Found | None:
    """A program of another folder of the project: the one that is named, or, of what a build is uploaded, the one whose
    name the function's has."""
    file = next((found for name in names if (found := _named(packages, name)) is not None), None)
    if file is None and not names:
        programs = {name: place for one in packages for name, place in one.programs.items()}
        file = _fitting(programs, wanted)
    return None if file is None else Found(file, "main", "rust", elsewhere=not names)


def _names(sources: Sources, wanted: Wanted, folder: str) -> Iterator[str]:
    """The names that the function's program may have by its build, the surest first."""
    properties = wanted.metadata.get("BuildProperties")
    if isinstance(properties, dict) and isinstance(binary := properties.get("Binary"), str):
        yield binary
    if wanted.metadata.get("BuildMethod") == "makefile":
        yield from _of_makefile(sources, folder, wanted.logical_id.rpartition("/")[2])
    for written in (wanted.archive, f"{folder}/"):
        for found in _BUILT.finditer(written):
            if found[1] not in _TARGETS:
                yield found[1]
    declared = wanted.declared.strip()
    if declared and declared not in ("bootstrap", "hello.handler", "not.required", "provided"):
        stem = declared.rpartition("/")[2]
        if MANIFEST in declared:
            stem = declared.rpartition(MANIFEST)[2].lstrip(":.")
        if "." in stem:
            yield stem.rpartition(".")[2]
            yield stem.partition(".")[0]
        elif stem:
            yield stem
    if wanted.archive:
        yield posixpath.basename(wanted.archive).rpartition(".")[0]


def _of_makefile(sources: Sources, folder: str, id: str) -> Iterator[str]:
    """The programs that the Makefile's target of a function names."""
    for place in (folder, ""):
        text = sources.text(join(place or ".", "Makefile"))
        found = re.search(rf"(?m)^build-{re.escape(id)}\s*:.*\n((?:[\t ].*\n?|\n)*)", (text or "")[:300_000])
        if found is not None:
            for recipe in _RECIPE.finditer(found[1]):
                yield next(one for one in recipe.groups() if one)


def _packages(folders: ProjectFolders, start: str, above: bool) -> Iterator[Package]:
    """The packages of the folder, else those of the nearest folder above it that has a manifest."""
    for folder in folders.upwards(start):
        if folders.exists(join(folder, MANIFEST)):
            yield from members(folders, folder)
            return
        if not above and not folders.entries(folder):
            above = True  # the folder of a build's output is not there yet
        if not above:
            return


def _below(folders: ProjectFolders, start: str) -> Iterator[Package]:
    """The packages in the folders below one."""
    waiting = [(start, 0)]
    looked = 0
    while waiting and looked < _MOST:
        folder, depth = waiting.pop(0)
        looked += 1
        yield from members(folders, folder)
        if depth < _DEPTH:
            names = (name for name in folders.entries(folder) if name not in _SKIPPED and name[:1] != ".")
            waiting += [(join(folder, name), depth + 1) for name in names if "." not in name]


def _named(packages: list[Package], name: str) -> str | None:
    """The program of a name, or the only one of the package of that name."""
    wanted = code_name(name).lower()
    for one in packages:
        for program, place in one.programs.items():
            if code_name(program).lower() == wanted:
                return place
    for one in packages:
        if code_name(one.name).lower() == wanted and len(one.programs) == 1:
            return next(iter(one.programs.values()))
    return None


def _program(packages: list[Package], names: list[str], wanted: Wanted) -> str | None:
    for name in names:
        if (found := _named(packages, name)) is not None:
            return found
    programs = {name: place for one in packages for name, place in one.programs.items()}
    if len(programs) == 1:
        return next(iter(programs.values()))
    if (fitting := _fitting(programs, wanted)) is not None:
        return fitting
    own = packages[0].programs.get(packages[0].name) if packages else None
    return own if own is not None and len(packages) == 1 else None


def _fitting(programs: dict[str, str], wanted: Wanted) -> str | None:
    """The only program that is named as the function is."""
    written = [one.rpartition("/")[2] for one in (wanted.logical_id, wanted.label) if one]
    labels = {_letters(form) for one in written for form in (one, _HASH.sub("", one))}
    labels |= {one.removesuffix(ending) for one in labels for ending in ("function", "lambda", "handler")}
    fitting = [place for name, place in programs.items() if _letters(name) in labels]
    return fitting[0] if len(fitting) == 1 else None


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
