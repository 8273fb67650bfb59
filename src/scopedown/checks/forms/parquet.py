"""Parquet, the schema ``scopedown.fleet/1`` (docs/fleet.md), by the extra ``lake``."""

from __future__ import annotations

from scopedown.checks.forms.rows import COLUMNS, rows
from scopedown.checks.results import Report
from scopedown.emit.rows import parquet


def render(report: Report) -> bytes:
    """The whole file."""
    return parquet(COLUMNS, rows(report))
