"""The languages whose code is analysed, as files and syntax: one row each.

A language has one folder of ``scopedown/languages/``: its front end (``lower.py``), what its code does when it runs
(``runtime.py``) and all that it brings along. Its row of ``languages.tsv`` says how it is found, and by which rules its
imports lead to files (``resolve/imports.py``): ``units`` are those of a language that binds names by packages, as its
``files.py`` says.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scopedown.core.tables import read_rows
from scopedown.source.resolve.imports import OF_FILES, Imports, Resolvers, UnitImports

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.source import ir
    from scopedown.source.resolve.units import UnitRules
    from scopedown.source.resolve.unread_packages import PackageRules


_MARK: Final = b"\xef\xbb\xbf"
"""The mark that files in UTF-8 may begin with."""
_WITHOUT_ENDING: Final = "javascript"
"""The language of files whose names do not say it: Node takes such files."""


@dataclass(frozen=True, slots=True)
class SourceLanguage:
    """One language's files. Its front end is loaded when the first of them is read."""

    name: str
    endings: tuple[str, ...]
    """What its files' names end in; ``/`` for packages that are folders without a file."""
    lower: Callable[[bytes, str], ir.Module]
    """The intermediate form of a source, by its text and its file's name."""
    syntax: Callable[[bytes, str], tuple[bytes, Node]]
    """The syntax tree of a source, which the comments of hints are read from, and the text that it is of."""
    imports: Callable[[Resolvers], Imports]
    packages: Callable[[], PackageRules]
    """How its packages are judged, which is loaded for the first that is not read."""
    units: Callable[[], UnitRules] | None = None
    """Where the files of a unit are, in languages that bind names by packages."""
    label: str = ""
    """Its name for people."""
    runtimes: tuple[str, ...] = ()
    """How the names of the Lambda runtimes begin that run it."""


def _of_row(row: dict[str, str]) -> SourceLanguage:
    """A language of ``languages/``: its files are loaded when they are asked."""
    name, endings = row["name"], tuple(row["endings"].split())

    def part(file: str) -> Any:
        return importlib.import_module(f"scopedown.languages.{name}.{file}")

    def lower(source: bytes, file: str) -> ir.Module:
        lowered: ir.Module = part("lower").lower(source.removeprefix(_MARK), file)
        return lowered

    def syntax(source: bytes, file: str) -> tuple[bytes, Node]:
        source = source.removeprefix(_MARK)
        return source, part("lower").parsed(source, file).root_node

    def rules() -> UnitRules:
        found: UnitRules = part("files")
        return found

    def packages() -> PackageRules:
        from scopedown.source.resolve import unread_packages

        of_files = unread_packages.OF_FILES.get(row["imports"])
        return of_files or unread_packages.of_units(name, rules)

    of_files = OF_FILES.get(row["imports"])
    return SourceLanguage(
        name, endings, lower, syntax, of_files or partial(UnitImports, endings), packages,
        None if of_files else rules, row["label"], tuple(row["runtimes"].split()),
    )  # fmt: skip


@cache
def languages() -> Mapping[str, SourceLanguage]:
    """All languages that are read, by name."""
    columns = ("name", "imports", "endings", "runtimes", "label")
    return {row["name"]: _of_row(row) for row in read_rows(Path(__file__).with_name("languages.tsv"), columns)}


@cache
def _by_ending() -> Mapping[str, SourceLanguage]:
    return {ending: language for language in languages().values() for ending in language.endings}


def language_of(file: str) -> SourceLanguage:
    """The language of a file by its name; JavaScript where that does not say it, as Node takes such files.

    >>> language_of("app.py").name, language_of("App.java").name, language_of("bin/app").name
    ('python', 'java', 'javascript')
    """
    ending = "/" if file.endswith("/") else os.path.splitext(file)[1]
    return _by_ending().get(ending) or languages()[_WITHOUT_ENDING]
