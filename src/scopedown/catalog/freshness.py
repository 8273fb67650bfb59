"""In a source checkout: is ``catalog.sqlite`` what the tables say, and if not, compile it anew.

Cheap first: names and sizes of the tables as recorded, and no table newer than the file. Only where those differ are
the tables hashed; a file that proves right then gets a new time, so that the next start is cheap again.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from scopedown.catalog.tables import table_files, table_sizes, tables_hash
from scopedown.core.finding import ScopedownError


def refresh(path: Path, folder: Path) -> bool:
    """Bring ``path`` up to date with ``folder``'s tables; whether it was compiled.

    Raises ScopedownError where it is stale and the folder cannot be written.
    """
    if is_fresh(path, folder):
        return False
    from scopedown.catalog.compile import compile_catalog

    try:
        compile_catalog(path, folder)
    except OSError as error:
        raise ScopedownError(
            f"scopedown's AWS data is outdated and cannot be rebuilt: {error}",
            remedy=f"make {path.parent} writable, or install scopedown from a wheel",
        ) from None
    except ValueError as error:
        raise ScopedownError(
            f"a table of scopedown's AWS data has a wrong row: {error}", remedy="correct this row"
        ) from None
    return True


def is_fresh(path: Path, folder: Path) -> bool:
    """Whether the compiled file carries the hash of these tables."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return False
    meta = _meta(path)
    newest = max(file.stat().st_mtime_ns for file in table_files(folder))
    if newest <= changed and meta.get("sizes") == table_sizes(folder):
        return True
    if meta.get("hash") != tables_hash(folder):
        return False
    try:
        os.utime(path)
    except OSError:
        pass  # A read-only checkout pays for the hash at every start.
    return True


def _meta(path: Path) -> dict[str, str]:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        return dict(connection.execute("SELECT key, value FROM meta").fetchall())
    except sqlite3.DatabaseError:
        return {}
    finally:
        connection.close()
