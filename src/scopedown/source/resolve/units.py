"""The files that are compiled together, in languages that bind names by packages (``languages.tsv``).

A language's ``files.py`` says where the files of a unit are (:class:`UnitRules`); here they are listed, and asked for
the file that declares a name. Nothing is parsed for that: a pattern finds what a file declares.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeVar

from scopedown.source.disk import Kept
from scopedown.source.resolve.search_path import Ground

if TYPE_CHECKING:
    from scopedown.source import ir

Answer = TypeVar("Answer")

MAX_FILES: Final = 5_000
"""Files of one unit that are looked at."""
MAX_DEPTH: Final = 24
SKIPPED: Final = frozenset(
    {"node_modules", "target", "obj", "cdk.out", "__pycache__", "testdata"}
)  # fmt: skip
"""Folders that hold no sources of a unit; so do those whose name begins with a dot."""
_WORD: Final = re.compile(rb"[A-Za-z_]\w*")


class Named(NamedTuple):
    """Where a qualified name is declared: the file, and the members that lead on from it."""

    file: str
    members: tuple[str, ...]


class UnitRules(Protocol):
    """``files.py`` of a language.

    ``SKIPS``, ``PACKAGE``, ``is_apart``, ``named``, ``everywhere`` and ``appended`` may be missing.
    """

    DECLARES: re.Pattern[bytes]
    """Finds what a file declares at its top; the first group is the name."""

    def roots(self, ground: Ground, importer: str) -> Sequence[str]:
        """The absolute folders whose files are compiled with a file (its name is relative to the root)."""

    def package_of(self, name: str) -> str | None:
        """The third-party package that a qualified name belongs to; None for names of the language or an SDK."""


class Unit:
    """The files of one language below some folders. Their names are relative to the project's root."""

    def __init__(self, ground: Ground, rules: UnitRules, endings: tuple[str, ...], roots: Sequence[str]) -> None:
        self.ground = ground
        self._rules = rules
        self._endings = endings
        self.roots = tuple(roots)
        self._known: dict[str, Kept[Any]] = {}
        self.is_whole = True
        """Whether all files are looked at; known once they were listed."""

    def once(self, what: str, find: Callable[[], Answer]) -> Answer:
        """What is worked out of the files once; whoever asks later depends on the same files."""
        known = self._known.get(what)
        if known is None:
            with self.ground.disk.noting():
                value = find()
                known = self._known[what] = self.ground.disk.keep(value)
        found: Answer = self.ground.disk.use(known, as_group=True)
        return found

    @property
    def files(self) -> tuple[str, ...]:
        """All files, those of the first root first. Each folder is looked into once."""
        return self.once("files", self._list)

    def _list(self) -> tuple[str, ...]:
        disk, reaches = self.ground.disk, self.ground.workspace.reaches
        skipped: frozenset[str] = getattr(self._rules, "SKIPS", SKIPPED)
        is_apart: Callable[[Ground, str], bool] | None = getattr(self._rules, "is_apart", None)
        found: dict[str, None] = {}
        seen: set[str] = set()
        for root in self.roots:
            waiting = [(root, 0)]
            while waiting:
                folder, depth = waiting.pop()
                if folder in seen or not reaches(folder):
                    continue
                if depth > MAX_DEPTH or len(found) >= MAX_FILES:
                    self.is_whole = False
                    break
                seen.add(folder)
                for name in disk.entries(folder):
                    path = os.path.join(folder, name)
                    if name.endswith(self._endings):
                        if disk.is_file(path) and (relative := self.ground.name(path)) is not None:
                            found[relative] = None
                    elif (
                        "." not in name[:1] and name not in skipped and disk.is_folder(path)
                        and not (is_apart is not None and is_apart(self.ground, path))
                    ):  # fmt: skip
                        waiting.append((path, depth + 1))
        return tuple(found)

    def text(self, file: str) -> bytes:
        """The text of one of the files; empty where it cannot be read."""
        try:
            return self.ground.disk.read(self.ground.path(file))
        except OSError:
            return b""

    @property
    def declared(self) -> Mapping[str, tuple[str, ...]]:
        """The files that declare a name at their top (or inside, as far as the pattern tells)."""
        return self.once("declared", self._find_declared)

    def _find_declared(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for file in self.files:
            for match in self._rules.DECLARES.finditer(self.text(file)):
                found.setdefault(match.group(1).decode("utf-8", "replace"), {})[file] = None
        return {name: tuple(files) for name, files in found.items()}

    @property
    def packages(self) -> frozenset[str]:
        """The packages or namespaces of the unit, by the pattern ``PACKAGE``."""
        return self.once("packages", self._find_packages)

    def _find_packages(self) -> frozenset[str]:
        pattern: re.Pattern[bytes] | None = getattr(self._rules, "PACKAGE", None)
        if pattern is None:
            return frozenset()
        return frozenset(
            match.group(1).decode("utf-8", "replace")
            for file in self.files
            for match in pattern.finditer(self.text(file))
        )

    def is_own(self, package: str, separator: str) -> bool:
        """Whether a package, or one below it, is the unit's."""
        return any(one == package or one.startswith(package + separator) for one in self.packages)

    def _find_words(self) -> Mapping[bytes, tuple[str, ...]]:
        found: dict[bytes, list[str]] = {}
        for file in self.files:
            for word in set(_WORD.findall(self.text(file))):
                found.setdefault(word, []).append(file)
        return {word: tuple(files) for word, files in found.items()}

    def mentioning(self, word: str) -> tuple[str, ...]:
        """The files in which a word stands."""
        return self.once("words", self._find_words).get(word.encode("utf-8", "replace"), ())

    def named(
        self, qualified: str, separator: str, importer: str, load: Callable[[str], ir.Module | None]
    ) -> Named | None:
        """Where a qualified name is declared; None where no file of the unit declares it. ``load`` lowers a file."""
        own = getattr(self._rules, "named", None)
        if own is not None:
            given: tuple[str, tuple[str, ...]] | None = own(self, qualified, importer)
            return None if given is None else Named(*given)
        parts = qualified.split(separator)
        declared = self.declared
        for at in range(len(parts) - 1, -1, -1):
            files = declared.get(parts[at])
            if files is None:
                continue
            package = separator.join(parts[:at])
            for file in files:
                module = load(file)
                if module is not None and package in (module.package, *module.packages) and parts[at] in module.locals:
                    return Named(file, tuple(parts[at:]))
        return None
