"""Flat rows of the schema ``scopedown.fleet/1`` as NDJSON and as Parquet; docs/fleet.md describes it.

In: the columns of a product and its rows, each a mapping from a column's name to a text, a number, a truth or None. A
column that a row does not have is None. Out: the text or the bytes; the same rows give the same ones.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from scopedown.core.finding import ScopedownError

SCHEMA = "scopedown.fleet/1"

Cell = str | int | bool | None
Row = Mapping[str, Cell]


class Column(NamedTuple):
    """One column: its name, the type of its cells (``str``, ``int`` or ``bool``) and what it says."""

    name: str
    type: type
    about: str


def rendered(form: str, columns: Sequence[Column], rows: Iterable[Row]) -> str | bytes:
    """The rows in the form ``ndjson`` or ``parquet``."""
    return parquet(columns, rows) if form == "parquet" else ndjson(columns, rows)


def ndjson(columns: Sequence[Column], rows: Iterable[Row]) -> str:
    """The rows, one JSON object a line, each with all columns.

    >>> print(ndjson([Column("action", str, ""), Column("line", int, "")], [{"action": "s3:GetObject"}]), end="")
    {"action": "s3:GetObject", "line": null}
    """
    return "".join(json.dumps({column.name: _cell(row.get(column.name)) for column in columns}) + "\n" for row in rows)


def parquet(columns: Sequence[Column], rows: Iterable[Row]) -> bytes:
    """The rows as one Parquet file. Raises ScopedownError without the extra ``lake``."""
    require_parquet()
    import pyarrow
    import pyarrow.parquet

    types = {str: pyarrow.string(), int: pyarrow.int64(), bool: pyarrow.bool_()}
    schema = pyarrow.schema([pyarrow.field(column.name, types[column.type]) for column in columns], {"schema": SCHEMA})
    every = list(rows)
    table = pyarrow.table(
        [pyarrow.array([_cell(row.get(column.name)) for row in every], types[column.type]) for column in columns],
        schema=schema,
    )
    content = io.BytesIO()
    pyarrow.parquet.write_table(table, content, compression="zstd")
    return content.getvalue()


def require_parquet() -> None:
    """Raise ScopedownError where Parquet cannot be written: before the work, not after it."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise ScopedownError(
            "Parquet needs the extra lake", remedy='install it (pip install "scopedown[lake]"), or use --format ndjson'
        ) from None


def _cell(value: Cell) -> Cell:
    """A cell that every reader takes: half a surrogate pair, which a file's name may hold, is no text to them."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) and not value.isascii() else value
