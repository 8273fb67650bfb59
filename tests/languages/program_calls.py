"""Small programs in, found calls out, in words that a test can compare."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from calls.conftest import words
from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources


def report(folder: Path, files: Mapping[str, str], symbol: str, package: str = "") -> CallReport:
    """The report of a program; its first file is where the handler begins."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return find_calls(Sources(str(folder), package), catalog(), {}, next(iter(files)), symbol)


def calls(folder: Path, files: Mapping[str, str], symbol: str, package: str = "") -> list[str]:
    """The calls of a program, each in words, in the order of their places."""
    return [words(call) for call in report(folder, files, symbol, package).calls]
