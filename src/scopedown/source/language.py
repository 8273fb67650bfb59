"""The languages whose code is analysed, as files and syntax: one row each.

A language has a front end in ``languages/``, which lowers its files to the intermediate form, and rules of imports in
``resolve/``. What its code does when it runs is in ``calls/languages/``, under the same name.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scopedown.source.resolve import unread_packages
from scopedown.source.resolve.imports import Imports, NodeImports, PythonImports, Resolvers
from scopedown.source.resolve.unread_packages import PackageRules

if TYPE_CHECKING:
    from tree_sitter import Node

    from scopedown.source import ir


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
    packages: PackageRules


def _lower_python(source: bytes, file: str) -> ir.Module:
    from scopedown.source.languages import python

    return python.lower(source, file)


def _python_syntax(source: bytes, file: str) -> tuple[bytes, Node]:
    from scopedown.source.languages import python

    return source, python.parsed(source).root_node


def _lower_javascript(source: bytes, file: str) -> ir.Module:
    from scopedown.source.languages import javascript

    return javascript.lower(source, file)


def _javascript_syntax(source: bytes, file: str) -> tuple[bytes, Node]:
    from scopedown.source.languages import javascript_syntax

    source = source.removeprefix(b"\xef\xbb\xbf")
    return source, javascript_syntax.parsed(source, file)[0].root_node


PYTHON = SourceLanguage(
    "python", (*PythonImports.endings, "/"), _lower_python, _python_syntax, PythonImports, unread_packages.PYTHON
)
JAVASCRIPT = SourceLanguage(
    "javascript", NodeImports.endings, _lower_javascript, _javascript_syntax, NodeImports, unread_packages.NODE
)
LANGUAGES = (PYTHON, JAVASCRIPT)
_BY_ENDING = {ending: language for language in LANGUAGES for ending in language.endings}


def language_of(file: str) -> SourceLanguage:
    """The language of a file by its name; JavaScript where that does not say it, as Node takes such files.

    >>> language_of("app.py").name, language_of("bin/app").name
    ('python', 'javascript')
    """
    ending = "/" if file.endswith("/") else os.path.splitext(file)[1]
    return _BY_ENDING.get(ending, JAVASCRIPT)
