"""Call reports of earlier runs, taken again where nothing that they were made of has changed.

A report is kept with every question that its making asked the :class:`~scopedown.source.disk.Disk` (files read, files
looked for and not there, folders listed) and a digest of each answer. Where all answers are the same again, so is the
report: it is taken, and neither a parser nor the interpreter is loaded. Its key holds what else it depends on: the
entry and how it is packaged, the catalog, and this program itself, by the contents of its files.

Paths inside of the repository are kept relative to its folder, and no time is kept: another machine that has the same
contents in another folder takes the same report. A project outside of any repository keeps its whole paths, because
what is looked for above it depends on where it is.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scopedown import __version__
from scopedown.cache.store import Store, key_of
from scopedown.calls.model import CallReport
from scopedown.calls.report_data import data_of, report_of
from scopedown.catalog.model import Catalog
from scopedown.source.disk import Disk, Question
from scopedown.source.repository import repository_of
from scopedown.source.revision import origin_of

MAX_QUESTIONS = 200_000
"""More questions than a report may depend on to be kept."""
_DIGEST = re.compile(r"[0-9a-f]{40}")
_PARTS = ("calls", "catalog", "core", "documents", "languages", "project", "source")
_PARSERS = (
    "tree_sitter", "tree_sitter_c_sharp", "tree_sitter_go", "tree_sitter_java", "tree_sitter_javascript",
    "tree_sitter_kotlin", "tree_sitter_php", "tree_sitter_python", "tree_sitter_ruby", "tree_sitter_rust",
    "tree_sitter_typescript", "yaml",
)  # fmt: skip


class Recall:
    """The reports that a store keeps, of one catalog."""

    def __init__(self, store: Store, catalog: Catalog) -> None:
        self._store = store
        python = [sys.implementation.name, *sys.version_info[:3]]
        self._base = key_of(__version__, python, catalog.version, self._program())

    def _program(self) -> str:
        """The digest of this program's contents, which is worked out once for files of the same sizes and times."""
        files = program()
        key = key_of("program", files)
        known = self._store.get(key)
        if isinstance(known, str) and _DIGEST.fullmatch(known):
            return known
        digest = contents(files)
        self._store.put(key, digest)
        return digest

    def report(self, disk: Disk, place: Whereabouts, entry: Any, find: Callable[[], CallReport]) -> CallReport:
        """The report of ``entry`` (plain data: all that ``find`` depends on beside what it asks ``disk``) of the
        project at ``place``."""
        try:
            key = key_of(self._base, place.key, entry)
        except (TypeError, ValueError):
            return find()
        kept = self._kept(disk, place, self._store.get(key))
        if kept is not None:
            return kept
        with disk.noting(whole=True) as asked:
            report = find()
        self._keep(disk, place, key, report, asked)
        return report

    def _keep(
        self, disk: Disk, place: Whereabouts, key: str, report: CallReport, asked: dict[Question, None]
    ) -> None:  # fmt: skip
        if len(asked) > MAX_QUESTIONS:
            return
        by_folder: dict[str, list[list[str]]] = {}
        for kind, path in asked:
            folder, name = os.path.split(place.kept(path))
            answer = place.answer(kind, disk.digest((kind, path)))
            by_folder.setdefault(folder, []).append([kind, name, answer])
        try:
            self._store.put(key, {"asked": by_folder, "report": data_of(report)})
        except (TypeError, RecursionError):
            pass  # an argument that the cache cannot say

    def _kept(self, disk: Disk, place: Whereabouts, document: Any) -> CallReport | None:
        """The report of a document whose questions have the same answers still."""
        try:
            questions = [
                ((kind, place.here(os.path.join(folder, name))), digest)
                for folder, asked in document["asked"].items()
                for kind, name, digest in asked
            ]
            if not all(
                _is_local(question) and place.answer(question[0], disk.digest(question)) == digest
                for question, digest in questions
            ):
                return None
            report = report_of(document["report"])
        except (TypeError, ValueError, KeyError, AttributeError):
            return None
        disk.note(question for question, _ in questions)
        return report


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a project is: the repository's folder (``top``, empty outside of any) and what its keys say of that.

    >>> place = Whereabouts("/home/ci/shop", ["github.com/acme/shop", "services/orders"])
    >>> place.kept("/home/ci/shop/lib"), place.here("./lib"), place.kept("/usr/lib")
    ('./lib', '/home/ci/shop/lib', '/usr/lib')
    """

    top: str
    key: list[str]

    @classmethod
    def of(cls, root: str) -> Whereabouts:
        """Of a project's folder, links followed."""
        top = repository_of(Path(root))
        if top is None:
            return cls("", [root])
        return cls(str(top), [origin_of(top), Path(root).relative_to(top).as_posix()])

    def kept(self, path: str) -> str:
        """A path as it is kept."""
        if self.top and (path == self.top or path.startswith(self.top + os.sep)):
            return "." + path[len(self.top) :]
        return path

    def here(self, kept: str) -> str:
        """The path here of one that was kept."""
        return self.top + kept[1:] if self.top and kept[:2] in (".", "." + os.sep) else kept

    def answer(self, kind: str, digest: str) -> str:
        """An answer as it is kept: that of ``real`` is a path."""
        return self.kept(digest) if kind == "real" else digest


def _is_local(question: Question) -> bool:
    """A damaged document may not make this program ask for a file of another machine (``\\\\host\\share``)."""
    kind, path = question
    return type(kind) is str and os.path.isabs(path) and not path.startswith(("\\\\", "//"))


def program() -> list[Any]:
    """This program as the cache knows it: the files that call analysis is made of, each with its size and time.

    A version alone would not do: who changes the code and runs it again would be given what the code before found.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folders = [os.path.join(package, name) for name in _PARTS]
    site = [os.path.join(base, name) for base in sys.path for name in _PARSERS]
    found: list[Any] = []
    while folders:
        folder = folders.pop()
        found += _files(folder, folders)
    for folder in site:
        found += _files(folder, [])
    return sorted(found)


def contents(files: list[Any]) -> str:
    """The digest of what files hold, by their names and folders' names; where they are installed does not count."""
    found = set()
    for path, *_ in files:
        try:
            digest = hashlib.blake2b(Path(path).read_bytes(), digest_size=20).hexdigest()
        except OSError:
            digest = "unreadable"
        found.add(("/".join(path.split(os.sep)[-2:]), digest))
    return key_of(sorted(found))


def _files(folder: str, inner: list[str]) -> list[Any]:
    """[name, size, time] of the files in a folder; further folders are added to ``inner``."""
    found: list[Any] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        inner.append(entry.path)
                elif not entry.name.endswith((".sqlite", ".pyc", ".lock")):
                    known = entry.stat()
                    found.append([entry.path, known.st_size, known.st_mtime_ns])
    except OSError:
        pass
    return found
