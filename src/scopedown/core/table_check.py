"""What can be wrong with a table, whatever it is about: the build asks it of every table, and so do the tests.

In: a folder. Out: nothing, or a :class:`~scopedown.core.tables.TableError` with file and line. Every column called
``when`` holds conditions, every ``source`` says where the row comes from, and no line but the last cells is left out.
"""

from __future__ import annotations

from pathlib import Path

from scopedown.core.conditions import parse_condition
from scopedown.core.tables import typed_rows


def check_tables(folder: Path) -> int:
    """Read every table in a folder, and below it; their number. Raises TableError."""
    paths = sorted(folder.rglob("*.tsv"))
    for path in paths:
        for _ in typed_rows(path, _check):
            pass
    return len(paths)


def _check(cells: dict[str, str]) -> None:
    if not cells.get("source", "unverified").strip():
        raise ValueError("the row has no source")
    parse_condition(cells.get("when", ""))
