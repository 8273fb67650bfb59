"""Writing tables: tab-separated, one header line, sorted rows, files split by first letter where they grow large."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = "src/scopedown/catalog/tables"
LARGE = 3_500_000


@dataclass(frozen=True)
class Table:
    """A table to write; ``folder`` is relative to the repository's root."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]
    folder: str = FOLDER


def write_tables(root: Path, tables: Iterable[Table]) -> Iterator[tuple[str, int, int]]:
    """Write each table; yield the file's name, its number of rows and its size in bytes."""
    for table in tables:
        rows = sorted(set(table.rows))
        for row in rows:
            if len(row) != len(table.columns) or any("\t" in cell or "\n" in cell for cell in row):
                raise ValueError(f"{table.name}: bad row {row}")
        folder = root / table.folder
        folder.mkdir(parents=True, exist_ok=True)
        for old in [folder / f"{table.name}.tsv", *folder.glob(f"{table.name}.[0-9].tsv")]:
            old.unlink(missing_ok=True)
        lines = ["\t".join(row).rstrip("\t") for row in rows]
        total = sum(len(line) + 1 for line in lines)
        count = total // LARGE + 1
        starts = [len(lines) * i // count for i in range(count + 1)]
        for i in range(count):
            name = f"{table.name}.tsv" if count == 1 else f"{table.name}.{i + 1}.tsv"
            chunk = lines[starts[i] : starts[i + 1]]
            text = "\n".join(["\t".join(table.columns), *chunk]) + "\n"
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
            yield name, len(chunk), len(text)
