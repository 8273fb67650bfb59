"""Where a Java function begins: from ``package.Class::method`` to the source of the class.

The code's folder, or the folder of a build's output that an archive stands in, leads to a module and those that it is
built with; there the class is looked for by its package. A class of a library stands for a handler that an environment
variable, an annotation or the routes of a framework name: its file is the one that says so, its symbol stays what the
setting says, and ``runtime.py`` does the rest.

Sources: https://docs.aws.amazon.com/lambda/latest/dg/java-handler.html ("Naming"),
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/building-custom-runtimes.html.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scopedown.languages.java import builds, library_handlers
from scopedown.project.code.handler_files import Sources
from scopedown.project.code.handlers import Found

if TYPE_CHECKING:
    from scopedown.project.code.wanted import Wanted

_NAME: Final = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*")
_ENDING: Final = ".java"
_LOOKED_INTO: Final = 400
"""Files that are looked into for a class that no file is named by, or for what leads a framework on."""


@dataclass(frozen=True, slots=True)
class InProject:
    """A project's files, by paths relative to its folder."""

    sources: Sources

    def read(self, path: str) -> str | None:
        """The text of a file."""
        return self.sources.text(path)

    def entries(self, path: str) -> Sequence[str]:
        """The names in a folder."""
        found: Sequence[str] = self.sources.once(("entries", path), lambda: self.sources.entries(path))
        return found

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder."""
        return self.sources.is_folder(path)

    def above(self, path: str) -> str | None:
        """The folder above, up to the repository's."""
        above = posixpath.normpath(posixpath.join(path, ".."))
        return above if self.sources.reaches(above) else None


def find(sources: Sources, wanted: Wanted, folder: str) -> Found | None:
    """Where the handler is; None where the code is no Java."""
    key = ("java handler", wanted.declared, wanted.runtime, folder, library_handlers.named(wanted.environment))
    found: Found | None = sources.once(key, lambda: _find(sources, wanted, folder))
    return found


def _find(sources: Sources, wanted: Wanted, folder: str) -> Found | None:
    declared = wanted.declared.strip()
    qualified, _, method = declared.partition("::")
    files = InProject(sources)
    modules = modules_for(files, folder)
    symbol = f"{qualified}::{method}"
    if _NAME.fullmatch(qualified):
        found = _of_class(sources, files, modules, qualified, folder)
        if isinstance(found, str):
            return Found(found, symbol, "java", elsewhere=not modules)
        if found:
            return Found(None, symbol, "java", candidates=tuple(found))
    file = _led_on(files, modules, qualified, wanted)
    return Found(file, symbol, "java") if file is not None else None


def modules_for(files: builds.Files, folder: str) -> list[str]:
    """The modules that a code's folder, or the folder of an archive, is of: its own with what it is built with, then
    those that it lists."""
    start = unbuilt(posixpath.normpath(folder or "."))
    own = builds.module_of(files, start) if files.is_folder(start) else _nearest(files, start)
    if own is None:
        return [start] if files.is_folder(start) and builds.source_folders(files, start) else []
    found = [one for each in (builds.dependencies(files, own), builds.modules_below(files, own)) for one in each]
    return list(dict.fromkeys(found))


def _nearest(files: builds.Files, folder: str) -> str | None:
    """The module of the nearest folder above that exists."""
    present: str | None = folder
    while present is not None and not files.is_folder(present):
        present = files.above(present) if present not in (".", "..") else None
    return builds.module_of(files, present) if present is not None else None


def unbuilt(folder: str) -> str:
    """A folder without the part of its path that a build writes to.

    >>> unbuilt("app/build/distributions"), unbuilt("target"), unbuilt("functions/hello")
    ('app', '.', 'functions/hello')
    """
    parts = folder.split("/")
    for position, part in enumerate(parts):
        if part in builds.OUTPUTS:
            return "/".join(parts[:position]) or "."
    return folder


def _of_class(
    sources: Sources, files: builds.Files, modules: list[str], qualified: str, folder: str
) -> str | list[str] | None:
    """The file of a class; several files where none can be told from the others."""
    package, _, name = qualified.rpartition(".")
    outer = name.partition("$")[0]
    tail = f"{package.replace('.', '/')}/{outer}{_ENDING}".lstrip("/")
    for module in modules:
        for source in builds.source_folders(files, module):
            if sources.exists(path := builds.join(source, tail)):
                return path
    for module in modules:  # a class in a file of another name, or of which the folders are not its package's
        for path in source_files(files, module):
            if _declares(sources.text(path) or "", package, outer):
                return path
    if not package or modules:
        return None
    found = sources.in_repository([tail])[:_LOOKED_INTO]
    fits = [one for one in found if _declares(sources.text(one) or "", package, outer)]
    near = [one for one in fits if (one + "/").startswith(posixpath.normpath(folder or ".") + "/")]
    fits = near or [one for one in fits if not one.startswith("../")] or fits
    return fits[0] if len(fits) == 1 else sorted(fits) or None


def source_files(files: builds.Files, module: str, ending: str = _ENDING) -> Iterator[str]:
    """The sources of a module, a bounded number of them."""
    left = _LOOKED_INTO
    waiting = list(reversed(builds.source_folders(files, module)))
    while waiting and left > 0:
        folder = waiting.pop()
        for name in files.entries(folder):
            path = builds.join(folder, name)
            if name.endswith(ending):
                left -= 1
                yield path
            elif "." not in name and files.is_folder(path):
                waiting.append(path)


def _declares(text: str, package: str, name: str) -> bool:
    if not re.search(rf"\b(?:class|record|enum)\s+{re.escape(name)}\b", text):
        return False
    declared = re.search(r"(?m)^\s*package\s+([\w.]+)\s*;", text)
    return (declared[1] if declared else "") == package


def _led_on(files: builds.Files, modules: list[str], qualified: str, wanted: Wanted) -> str | None:
    """The file that a library's handler is led on to."""
    library = library_handlers.of_class(qualified)
    if library is None:
        # A program of a custom runtime is whatever its build made; the setting may say anything.
        if not (wanted.runtime or "").startswith("provided"):
            return None
        found = [one for module in modules for one in source_files(files, module)]
        library = library_handlers.of_build("\n".join(_build_texts(files, modules))) if found else None
        if library is None:
            return None
    best: tuple[int, str] | None = None
    for module in modules:
        for path in source_files(files, module):
            rank = library.rank(files.read(path) or "", wanted.environment)
            if rank is not None and (best is None or rank < best[0]):
                best = rank, path
    return best[1] if best is not None else None


def _build_texts(files: builds.Files, modules: list[str]) -> Iterator[str]:
    for module in modules:
        for name in builds.BUILD_FILES:
            yield builds.text_of(files, builds.join(module, name))
