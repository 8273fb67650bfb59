"""Reading the product's tables: tab-separated, one header line, comments (``#``) and empty lines anywhere.

In: a file. Out: its rows, as mappings from column to cell, or as whatever a callable makes of them. A row that is wrong
is an error that names file and line, so that the build and the tests show where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Generic, TypeVar

Made = TypeVar("Made")


class TableError(ValueError):
    """A table that cannot be read; the message begins with its file and line."""


def read_rows(path: Path, columns: Sequence[str] = ()) -> Iterator[dict[str, str]]:
    """The rows of a table; the cells that a line leaves out at its end are empty.

    Raises TableError for a row with more cells than the header, and for another header than ``columns``.
    """
    return typed_rows(path, lambda cells: cells, columns)


def typed_rows(path: Path, make: Callable[[dict[str, str]], Made], columns: Sequence[str] = ()) -> Iterator[Made]:
    """What ``make`` makes of each row. Where it raises ValueError or KeyError: a TableError with file and line."""
    lines = _lines(path)
    header = _header(path, lines, columns)
    for number, line in lines:
        yield _made(make, header, line, path, number)


class RowsByName(Mapping[str, tuple[Made, ...]], Generic[Made]):
    """The rows of several tables by name, made when they are asked for: few of many are.

    A row's name is its first cell, or its first ``cells`` joined by tabs. ``make`` gives what one line means, which may
    be several rows.
    """

    def __init__(
        self,
        paths: Iterable[Path],
        make: Callable[[dict[str, str]], Iterable[Made]],
        columns: Sequence[str],
        cells: int = 1,
    ) -> None:
        self._make = make
        self._columns = columns
        self._lines: dict[str, list[tuple[str, Path, int]]] = {}
        self._rows: dict[str, tuple[Made, ...]] = {}
        for path in paths:
            lines = _lines(path)
            _header(path, lines, columns)
            for number, line in lines:
                name = "\t".join(line.split("\t", cells)[:cells])
                self._lines.setdefault(name, []).append((line, path, number))

    def __getitem__(self, name: str) -> tuple[Made, ...]:
        if name not in self._rows:
            lines = self._lines[name]
            self._rows[name] = tuple(row for line in lines for row in _made(self._make, self._columns, *line))
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The header and the rows, numbered."""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line and line[0] != "#" and not line.isspace():
            yield number, line


def _header(path: Path, lines: Iterator[tuple[int, str]], columns: Sequence[str]) -> Sequence[str]:
    number, line = next(lines, (1, ""))
    header = line.split("\t")
    if columns and header != list(columns):
        raise TableError(f"{path.parent.name}/{path.name}:{number} must have the columns {' '.join(columns)}")
    return header


def _made(make: Callable[[dict[str, str]], Made], header: Sequence[str], line: str, path: Path, number: int) -> Made:
    cells = line.split("\t")
    try:
        if len(cells) > len(header):
            raise ValueError(f"{len(cells)} cells where the header has {len(header)}: {line[:60]}")
        if len(cells) < len(header):
            cells += [""] * (len(header) - len(cells))
        return make(dict(zip(header, cells, strict=False)))
    except (ValueError, KeyError) as error:
        raise TableError(f"{path.parent.name}/{path.name}:{number}: {error}") from error
