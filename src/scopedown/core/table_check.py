"""What can be wrong with a table, whatever it is about: the build asks it of every table, and so do the tests.

In: a folder. Out: nothing, or a :class:`~scopedown.core.tables.TableError` with file and line. Every column called
``when`` holds conditions, every ``source`` says where the row comes from unless the table says it for all its rows,
and no cells but the last of a line are left out.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from scopedown.core.conditions import parse_condition
from scopedown.core.tables import typed_rows

SOURCE = "# source:"
"""How the line begins that says where all rows of a table come from."""


def check_tables(folder: Path) -> int:
    """Read every table in a folder, and below it; their number. Raises TableError."""
    paths = sorted(folder.rglob("*.tsv"))
    for path in paths:
        has_source = any(line.startswith(SOURCE) for line in path.read_text("utf-8").splitlines())
        for _ in typed_rows(path, partial(_check, has_source=has_source)):
            pass
    return len(paths)


def _check(cells: dict[str, str], has_source: bool) -> None:
    if not has_source and not cells.get("source", "unverified").strip():
        raise ValueError("the row has no source")
    parse_condition(cells.get("when", ""))
