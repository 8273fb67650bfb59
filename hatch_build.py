"""The build hook: reads every table, and compiles the catalog's to ``catalog.sqlite``, for wheels and editable ones.

A wheel carries the compiled file and its tables' hash, not those tables. A wrong row of any table fails the build.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOG = Path("src/scopedown/catalog")


class CatalogBuildHook(BuildHookInterface[Any]):
    """Compiles the catalog before anything is packed."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and add the result to a wheel; ``version`` is ``standard`` or ``editable``."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        try:
            from scopedown.catalog.compile import compile_catalog

            check_tables(root / "src" / "scopedown")
        finally:
            sys.path.pop(0)
        compiled = root / CATALOG / "catalog.sqlite"
        digest = compile_catalog(compiled, root / CATALOG)
        if version == "editable":
            return
        stamp = Path(self.directory) / "catalog.sha256"
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(digest + "\n")
        build_data["force_include"][str(compiled)] = "scopedown/catalog/catalog.sqlite"
        build_data["force_include"][str(stamp)] = "scopedown/catalog/catalog.sha256"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the hash file that was only made to be packed."""
        (Path(self.directory) / "catalog.sha256").unlink(missing_ok=True)


def check_tables(package: Path) -> None:
    """Read every table; those whose rows need nothing but the standard library are read as what they mean.

    Raises ValueError with file and line.
    """
    from scopedown.core import table_check
    from scopedown.deploy import rows
    from scopedown.source.packages import table

    table_check.check_tables(package)
    for type_name in (types := rows.type_rows()):
        types[type_name]
    for framework in rows.frameworks():
        rows.command_rows(framework)
    rows.name_rows(), rows.not_needed(), list(table.rows())
