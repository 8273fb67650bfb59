"""The rows that an engine gives for the expression, as the table ``used``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scopedown.observe.lake.expression import plain_event
from scopedown.observe.model import KEY, Did, Times, Used


def taken(rows: Sequence[Sequence[Any]]) -> tuple[Used, set[tuple[str, str]]]:
    """The table of rows with its columns, and their (source, event without its version)."""
    used = Used()
    pairs: set[tuple[str, str]] = set()
    for row in rows:
        did = Did(*row[:KEY])
        used.take(did, Times(*row[KEY:]))
        if did.event:
            pairs.add((did.source, plain_event(did.event)))
        elif not did.principal:
            used.records += row[-2]
    return used, pairs
