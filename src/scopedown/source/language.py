"""The languages whose code is analysed, as files and syntax: one row each.

A language has a front end in ``languages/``, which lowers its files to the intermediate form, and rules of imports in
``resolve/``. What its code does when it runs is in ``calls/languages/``, under the same name. Languages that bind names
by packages have all of that in one folder of ``scopedown/languages/`` and a row in ``languages.tsv``.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scopedown.core.tables import read_rows
from scopedown.source.resolve.imports import Imports, NodeImports, PythonImports, Resolvers, UnitImports

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.source import ir
    from scopedown.source.resolve.units import UnitRules
    from scopedown.source.resolve.unread_packages import PackageRules


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


def _lower_python(source: bytes, file: str) -> ir.Module:
    from scopedown.source.languages import python

    return python.lower(source, file)


def _python_syntax(source: bytes, file: str) -> tuple[bytes, Node]:
    from scopedown.source.languages import python

    return source, python.parsed(source).root_node


def _python_packages() -> PackageRules:
    from scopedown.source.resolve import unread_packages

    return unread_packages.PYTHON


def _lower_javascript(source: bytes, file: str) -> ir.Module:
    from scopedown.source.languages import javascript

    return javascript.lower(source, file)


def _javascript_syntax(source: bytes, file: str) -> tuple[bytes, Node]:
    from scopedown.source.languages import javascript_syntax

    source = source.removeprefix(b"\xef\xbb\xbf")
    return source, javascript_syntax.parsed(source, file)[0].root_node


def _javascript_packages() -> PackageRules:
    from scopedown.source.resolve import unread_packages

    return unread_packages.NODE


def _of_folder(row: dict[str, str]) -> SourceLanguage:
    """A language of ``languages/``: its files are loaded when they are asked."""
    name, endings = row["name"], tuple(row["endings"].split())

    def part(file: str) -> Any:
        return importlib.import_module(f"scopedown.languages.{name}.{file}")

    def lower(source: bytes, file: str) -> ir.Module:
        lowered: ir.Module = part("lower").lower(source.removeprefix(b"\xef\xbb\xbf"), file)
        return lowered

    def syntax(source: bytes, file: str) -> tuple[bytes, Node]:
        source = source.removeprefix(b"\xef\xbb\xbf")
        return source, part("lower").parsed(source).root_node

    def rules() -> UnitRules:
        found: UnitRules = part("files")
        return found

    def packages() -> PackageRules:
        from scopedown.source.resolve import unread_packages

        return unread_packages.of_units(name, rules)

    return SourceLanguage(
        name, endings, lower, syntax, partial(UnitImports, endings), packages, rules,
        row["label"], tuple(row["runtimes"].split()),
    )  # fmt: skip


PYTHON = SourceLanguage(
    "python", (*PythonImports.endings, "/"), _lower_python, _python_syntax, PythonImports, _python_packages,
    None, "Python", ("python",),
)  # fmt: skip
JAVASCRIPT = SourceLanguage(
    "javascript", NodeImports.endings, _lower_javascript, _javascript_syntax, NodeImports, _javascript_packages,
    None, "JavaScript", ("nodejs",),
)  # fmt: skip


@cache
def languages() -> Mapping[str, SourceLanguage]:
    """All languages that are read, by name."""
    rows = read_rows(Path(__file__).with_name("languages.tsv"), ("name", "endings", "runtimes", "label"))
    folders = map(_of_folder, rows)
    return {language.name: language for language in (PYTHON, JAVASCRIPT, *folders)}


@cache
def _by_ending() -> Mapping[str, SourceLanguage]:
    return {ending: language for language in languages().values() for ending in language.endings}


def language_of(file: str) -> SourceLanguage:
    """The language of a file by its name; JavaScript where that does not say it, as Node takes such files.

    >>> language_of("app.py").name, language_of("App.java").name, language_of("bin/app").name
    ('python', 'java', 'javascript')
    """
    ending = "/" if file.endswith("/") else os.path.splitext(file)[1]
    return _by_ending().get(ending, JAVASCRIPT)
