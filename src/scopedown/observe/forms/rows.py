"""An observation as flat rows, ``scopedown.fleet/1``; docs/fleet.md describes them."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.emit.rows import Column
from scopedown.observe.forms import Observations
from scopedown.observe.join import Row
from scopedown.observe.result import Whose
from scopedown.scan.forms.rows import FUNCTION_COLUMNS, Cells, Named, seen_rows, unread_rows

COLUMNS = (
    *FUNCTION_COLUMNS,
    Column("principal", str, "the pattern of the role's ARN in the logs"),
    Column("functions", str, "the functions that need it, or whose sessions used it, with commas"),
    Column("kind", str, "confirmed, idle, not-observable, used-not-found, removable, denied"),
    Column("action", str, "the IAM action"),
    Column("resource", str, "the resource, as the project or the log names it"),
    Column("needed", bool, "whether the code needs it"),
    Column("granted", bool, "whether the role allows it; null where that is not certain"),
    Column("uses", int, "how often it was used"),
    Column("denials", int, "how often it was denied"),
    Column("first_seen", str, "when it was used or denied first, in UTC"),
    Column("last_seen", str, "when it was used or denied last, in UTC"),
    Column("by_pattern", bool, "whether the log's ARN was found by the pattern of a generated name"),
    Column("reason", str, "why the row has its class"),
    Column("event", str, "the event of CloudTrail, where no action is known for it"),
    Column("file", str, "the file of the need or the grant, relative to the repository"),
    Column("line", int, "its line"),
)


def rows(shown: Observations) -> Iterator[Cells]:
    """Those of projects and functions first, then one for each action on a resource, and each unknown event."""
    yield from unread_rows("observe", shown.unread, shown.base)
    yield from seen_rows("observe", (one.scan for one in shown.projects), shown.base)
    for one in shown.projects:
        named = Named.of("observe", one.scan.project, shown.base)
        for whose in one.whose:
            for row in whose.rows:
                yield _use(named, whose, row)
        for unmapped in one.unmapped:
            yield named.row("unmapped", event=f"{unmapped.source}:{unmapped.event}", uses=unmapped.count)


def _use(named: Named, whose: Whose, row: Row) -> Cells:
    cells: Cells = {
        "role": whose.role,
        "principal": whose.principal,
        "functions": ",".join(row.functions) or None,
        "kind": row.kind.name.lower().replace("_", "-"),
        "action": row.action,
        "resource": row.resource,
        "needed": row.needed,
        "granted": row.granted,
        "uses": row.count,
        "denials": row.denied,
        "first_seen": min((use.first for use in row.uses), default=None),
        "last_seen": max((use.last for use in row.uses), default=None),
        "by_pattern": row.by_pattern and bool(row.uses),
        "reason": row.reason or None,
        "file": named.file(row.place) if row.place else None,
        "line": row.place.line if row.place else None,
    }
    return named.row("use", **cells)
