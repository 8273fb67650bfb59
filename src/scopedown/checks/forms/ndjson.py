"""NDJSON, the schema ``scopedown.fleet/1`` (docs/fleet.md)."""

from __future__ import annotations

from scopedown.checks.forms.rows import COLUMNS, rows
from scopedown.checks.results import Report
from scopedown.emit.rows import ndjson


def render(report: Report) -> str:
    """One line for each row."""
    return ndjson(COLUMNS, rows(report))
