"""Reading the catalog's tables: tab-separated, with a header line; ``tables/`` is generated, ``overlay/`` is by hand.

A table that grew large is split into ``name.1.tsv``, ``name.2.tsv`` …; an overlay may have ``#`` comment lines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from scopedown.core.tables import read_rows

FOLDER = Path(__file__).parent
FOLDERS = ("tables", "overlay")
CODE = ("compile.py", "mapping.py", "names.py", "tables.py")


def table_files(folder: Path = FOLDER) -> list[Path]:
    """Every file that the compiled catalog depends on, sorted: tables, overlay, and the code that compiles them."""
    found = [path for name in FOLDERS for path in sorted((folder / name).glob("*.tsv"))]
    return found + [folder / name for name in CODE if (folder / name).exists()]


def tables_hash(folder: Path = FOLDER) -> str:
    """SHA-256 over the names and contents of :func:`table_files`."""
    digest = hashlib.sha256()
    for path in table_files(folder):
        data = path.read_bytes()
        digest.update(f"{path.parent.name}/{path.name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def table_sizes(folder: Path = FOLDER) -> str:
    """Names and sizes of :func:`table_files` in one text, cheap to compare."""
    return "\n".join(f"{path.parent.name}/{path.name} {path.stat().st_size}" for path in table_files(folder))


def read_table(folder: Path, kind: str, name: str) -> Iterator[dict[str, str]]:
    """Rows of one table as mappings; nothing where the table does not exist. Raises TableError."""
    for path in (folder / kind / f"{name}.tsv", *sorted((folder / kind).glob(f"{name}.[0-9]*.tsv"))):
        if path.exists():
            yield from read_rows(path)
