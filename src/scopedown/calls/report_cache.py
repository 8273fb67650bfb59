"""Call reports of earlier runs, taken again where nothing that they were made of has changed.

A report is kept with every question that its making asked the :class:`~scopedown.source.disk.Disk` (files read, files
looked for and not there, folders listed) and a digest of each answer. Where all answers are the same again, so is the
report: it is taken, and neither a parser nor the interpreter is loaded. Its key holds what else it depends on: the
entry and how it is packaged, the catalog, and this program itself, by the sizes and times of its files.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from scopedown import __version__
from scopedown.cache.store import Store, key_of
from scopedown.calls.model import CallReport
from scopedown.calls.report_data import data_of, report_of
from scopedown.catalog.model import Catalog
from scopedown.source.disk import Disk, Question

MAX_QUESTIONS = 200_000
"""More questions than a report may depend on to be kept."""
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
        self._base = key_of(__version__, sys.version, catalog.version, program())

    def report(self, disk: Disk, entry: Any, find: Callable[[], CallReport]) -> CallReport:
        """The report of ``entry`` (plain data: all that ``find`` depends on beside what it asks ``disk``)."""
        try:
            key = key_of(self._base, entry)
        except (TypeError, ValueError):
            return find()
        kept = self._kept(disk, self._store.get(key))
        if kept is not None:
            return kept
        with disk.noting(whole=True) as asked:
            report = find()
        self._keep(disk, key, report, asked)
        return report

    def _keep(self, disk: Disk, key: str, report: CallReport, asked: dict[Question, None]) -> None:
        if len(asked) > MAX_QUESTIONS:
            return
        by_folder: dict[str, list[list[str]]] = {}
        for kind, path in asked:
            folder, name = os.path.split(path)
            by_folder.setdefault(folder, []).append([kind, name, disk.digest((kind, path))])
        try:
            self._store.put(key, {"asked": by_folder, "report": data_of(report)})
        except (TypeError, RecursionError):
            pass  # an argument that the cache cannot say

    def _kept(self, disk: Disk, document: Any) -> CallReport | None:
        """The report of a document whose questions have the same answers still."""
        try:
            questions = [
                ((kind, os.path.join(folder, name)), digest)
                for folder, asked in document["asked"].items()
                for kind, name, digest in asked
            ]
            if not all(_is_local(question) and disk.digest(question) == digest for question, digest in questions):
                return None
            report = report_of(document["report"])
        except (TypeError, ValueError, KeyError, AttributeError):
            return None
        disk.note(question for question, _ in questions)
        return report


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
