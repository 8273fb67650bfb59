"""The table ``used`` as a file: as CSV, and as Parquet where pyarrow is installed (the extra ``lake``).

Another engine may have made it, by the query that ``scopedown observe --sql`` prints.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from scopedown.core.finding import ScopedownError
from scopedown.core.place import Place
from scopedown.observe.model import KEY, USED_COLUMNS, Did, Times, Used
from scopedown.observe.reading.records import DAY

_TIME = re.compile(rf"{DAY}[T ][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.0+)?(?:Z| UTC)?")
_COUNT = re.compile(r"([0-9]{1,18})(?:\.0)?")
_REMEDY = "make it with scopedown observe --save-used, or with the query of scopedown observe --sql"


def as_csv(used: Used) -> str:
    """The table as CSV with a header, in the order of its keys."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(USED_COLUMNS)
    writer.writerows(used.cells())
    return text.getvalue()


def read_table(path: Path) -> Used:
    """The table of a file. Raises ScopedownError where it is none."""
    used = Used(files=1)
    rows = _parquet(path) if path.suffix == ".parquet" else _csv(path)
    for number, cells in rows:
        did, times = _row(cells, Place(str(path), number))
        used.take(did, times)
        if not (did.principal or did.event):
            used.records += times.count
    return used


def _row(cells: list[str], place: Place) -> tuple[Did, Times]:
    if len(cells) != len(USED_COLUMNS):
        raise ScopedownError(f"this row has {len(cells)} cells, not {len(USED_COLUMNS)}", place, _REMEDY)
    first, last, count, denied = cells[KEY:]
    if not (_TIME.fullmatch(first) and _TIME.fullmatch(last)):
        raise ScopedownError("a time of this row is not in the form 2026-11-28T12:00:00Z", place, _REMEDY)
    try:
        return Did(*cells[:KEY]), Times(_time(first), _time(last), _number(count), _number(denied))
    except ValueError:
        raise ScopedownError("a count of this row is not a number", place, _REMEDY) from None


def _number(text: str) -> int:
    """A count; some engines sum to a decimal number, and of no rows to nothing."""
    if not text:
        return 0
    found = _COUNT.fullmatch(text)
    if not found:
        raise ValueError(text)
    return int(found[1])


def _time(text: str) -> str:
    return f"{text[:10]}T{text[11:19]}Z"


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file)
            _check([name.strip().lower() for name in next(lines, [])], path)
            for cells in lines:
                yield lines.line_num, cells
    except OSError as error:
        raise ScopedownError(f"cannot be read: {error.strerror}", Place(str(path)), _REMEDY) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise ScopedownError(f"is not CSV: {error}", Place(str(path)), _REMEDY) from None


def _parquet(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        import pyarrow.parquet  # only the extra has it
    except ImportError:
        raise ScopedownError(
            "Parquet needs the extra lake", Place(str(path)), 'install it: pip install "scopedown[lake]"'
        ) from None
    try:
        file = pyarrow.parquet.ParquetFile(path)
        _check([name.lower() for name in file.schema_arrow.names], path)
        number = 0
        for batch in file.iter_batches():
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield number, ["" if cell is None else str(cell) for cell in row]
    except (OSError, pyarrow.ArrowException) as error:
        raise ScopedownError(f"is not Parquet: {error}", Place(str(path)), _REMEDY) from None


def _check(names: Iterable[str], path: Path) -> None:
    found = list(names)
    if tuple(found) == USED_COLUMNS:
        return
    missing = [name for name in USED_COLUMNS if name not in found]
    what = f"lacks the columns {', '.join(missing)}" if missing else "has its columns in another order"
    raise ScopedownError(f"the table {what}", Place(str(path), 1, 1), _REMEDY)
