"""The files of a function's code: what its entry imports, at the top or inside of functions, and what that imports.

In: the sources, the entry's file, and the files that the analysis loaded (a computed name may lead to files that no
text names). Out: the text and the bodies of each file, worked out once for all functions of a project.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from scopedown.catalog.model import Catalog
from scopedown.core.tables import read_rows
from scopedown.sites.bodies import WORD, Bodies, bodies_of
from scopedown.sites.named import Mention, libraries, makes_computed_clients, mentions, names_of
from scopedown.source.language import language_of
from scopedown.source.resolve.installed import PYTHON_SDKS
from scopedown.source.sources import HINT, Sources


@dataclass(slots=True)
class File:
    """One file: its text, the words in it, and those that may name an operation by where they are written."""

    name: str
    source: bytes
    words: frozenset[bytes]
    mentions: tuple[Mention, ...]
    libraries: frozenset[str]
    """The tables of the libraries that it imports."""
    is_computed: bool
    """Whether it makes a client of a service that a value names."""


@dataclass(frozen=True, slots=True)
class Closure:
    """The files of a function's code: those that were read, the names of those that cannot be read, and whether no
    file was left out for their number."""

    files: list[File]
    unread: list[str]
    is_whole: bool


class Files:
    """The files of a project's code. ``is_standard``: whether a specifier names a module of JavaScript's runtime."""

    def __init__(self, sources: Sources, catalog: Catalog, is_standard: Callable[[str], bool]) -> None:
        self._sources = sources
        self._is_standard = is_standard
        self.names = names_of(catalog.operation_names)

    def file(self, name: str) -> File | None:
        """A file; None where it cannot be read, or is no text."""
        return self._sources.once(("site file", name), lambda: self._read(name))

    def _read(self, name: str) -> File | None:
        source = self._sources.text(name)
        if source is None or b"\0" in source[:8192]:
            return None
        if HINT in source:
            self._sources.hinted.setdefault(name, source)
        words = frozenset(WORD.findall(source))
        named = tuple(dict.fromkeys(mentions(source)))
        self.names.learn({mention.word for mention in named})
        imported = libraries(source, language_of(name).name)
        return File(name, source, words, named, imported, makes_computed_clients(source))

    def bodies(self, file: File) -> Bodies | None:
        """The functions of a file; None where its syntax cannot be read."""
        return self._sources.once(("site bodies", file.name), lambda: self._bodies(file))

    def _bodies(self, file: File) -> Bodies | None:
        language = language_of(file.name)
        source, root = language.syntax(file.source, file.name)
        return bodies_of(source, root, language.name)

    def closure(self, entry: str, loaded: Iterable[str], most: int) -> Closure:
        """The files that the entry leads to, and those that were loaded, at most so many."""
        found: dict[str, File] = {}
        unread: set[str] = set()
        waiting = [entry, *loaded]
        while waiting and len(found) < most:
            name = waiting.pop()
            if name in found or name in unread or name.endswith("/") or self._sources.is_installed(name):
                continue
            file = self.file(name)
            if file is not None:
                found[name] = file
                waiting += self._sources.once(("site imports", name), partial(self._imports, file))
            elif name.endswith(_code_endings(name)) and self._sources.text(name) is None:
                unread.add(name)
        left = any(name not in found and not self._sources.is_installed(name) for name in waiting)
        return Closure([found[name] for name in sorted(found)], sorted(unread), not left)

    def _imports(self, file: File) -> tuple[str, ...]:
        return tuple(self._imported(file))

    def _imported(self, file: File) -> Iterator[str]:
        """The project's own files that a file names as imports."""
        language = language_of(file.name).name
        unit = self._sources.unit(file.name)
        if unit is not None:
            declared = unit.declared
            for word in sorted(declared.keys() & {word.decode("utf-8", "replace") for word in file.words}):
                if file.name not in declared[word]:
                    yield from declared[word]
            return
        for specifier in _specifiers(file.source, language):
            if language == "javascript" and self._is_standard(specifier):
                continue
            if language == "python" and specifier.partition(".")[0] in PYTHON_SDKS:
                continue
            target = self._sources.resolve(specifier, file.name, language)
            if target is not None and target.endswith("/"):
                target += "__init__.py"
                if not self._sources.disk.is_file(self._sources.path(target)):
                    continue
            if target is not None and target != file.name:
                yield target


def _code_endings(name: str) -> tuple[str, ...]:
    """What the names of a language's source files end in; data holds no calls."""
    return tuple(ending for ending in language_of(name).endings if ending != ".json")


def _specifiers(source: bytes, language: str) -> Iterator[str]:
    for pattern in _patterns().get(language, ()):
        for match in pattern.finditer(source):
            module = match[1].decode("utf-8", "replace")
            if language != "python":
                yield module
                continue
            for name in module.split(","):
                if plain := name.strip().partition(" ")[0]:
                    yield plain
            if pattern.groups > 1:  # a name that is imported from a package may be a module
                for name in re.findall(rb"(\w+)(?:\s+as\s+\w+)?", match[2]):
                    yield f"{module}{'' if module.endswith('.') else '.'}{name.decode('utf-8', 'replace')}"


@cache
def _patterns() -> dict[str, tuple[re.Pattern[bytes], ...]]:
    found: dict[str, tuple[re.Pattern[bytes], ...]] = {}
    for row in read_rows(Path(__file__).with_name("imports.tsv"), ("language", "pattern", "source")):
        pattern = re.compile(row["pattern"].encode(), re.MULTILINE)
        found[row["language"]] = (*found.get(row["language"], ()), pattern)
    return found
