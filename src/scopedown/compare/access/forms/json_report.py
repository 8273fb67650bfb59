"""JSON for programs: AWS's own words (``result``, ``message``, ``reasons``) and beside them what AWS does not say.

The shape is described in docs/json.md.
"""

from __future__ import annotations

import json
from typing import Any

from scopedown.compare.access.forms.summary import summary
from scopedown.compare.access.model import Change, Changes
from scopedown.compare.access.plausible import only_in_language
from scopedown.compare.access.tell import named, ranked, why
from scopedown.iam.newaccess import Row, Undecided
from scopedown.iam.newaccess.model import Comparison
from scopedown.iam.rule import Place


def render(changes: Changes) -> str:
    """The object."""
    return json.dumps(data_of(changes), indent=2, ensure_ascii=False) + "\n"


def data_of(changes: Changes) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "schema": "scopedown.compare/1",
        "check": changes.check,
        "result": "FAIL" if changes.failed else "PASS",
        "message": summary(changes),
        "reasons": [reason for change in changes.changes for reason in _reasons(change)],
        "changes": [_change(change) for change in changes.changes],
        "notes": list(changes.notes),
    }


def _reasons(change: Change) -> list[dict[str, Any]]:
    """As AWS has them: one line for each statement that gives new access."""
    places = {row.place: row.why for row in change.found.rows}
    places |= {one.place: "not decided" for one in change.found.undecided if one.place not in places}
    return [
        {"description": f"{why} in {change.name}, statement {place.number + 1}", **_statement(place)}
        for place, why in places.items()
    ]


def _statement(place: Place) -> dict[str, Any]:
    out: dict[str, Any] = {"statementIndex": place.number}
    if place.statement.sid:
        out["statementId"] = place.statement.sid
    if place.policy.name:
        out["policy"] = place.policy.name
    if place.statement.span is not None:
        out["line"] = place.statement.span.start_line
    return out


def _change(change: Change) -> dict[str, Any]:
    return {
        "name": change.name,
        "kind": str(change.kind),
        "answer": change.answer,
        "state": change.note or "both",
        "place": str(change.place) if change.place is not None else None,
        "new": _rows(change.found, change),
        "undecided": [_undecided(one, change) for one in change.found.undecided]
        + [{"reason": reason} for reason in change.unknown],
        "lost": _rows(change.lost, change) if change.lost is not None else None,
    }


def _rows(found: Comparison, change: Change) -> list[dict[str, Any]]:
    return [_row(row, change) for row in ranked(found.rows)]


def _row(row: Row, change: Change) -> dict[str, Any]:
    witness = row.witness.data()
    return {
        "actions": list(row.actions),
        "resources": [named(one, change.shown) for one in row.resources],
        "why": row.why,
        "explanation": why(row, change.shown),
        "future": row.future,
        "onlyInLanguage": only_in_language(row) or None,
        "statement": _statement(row.place),
        "before": _statement(row.before) if row.before is not None else None,
        "witness": {**witness, "resource": named(str(witness["resource"]), change.shown)},
    }


def _undecided(one: Undecided, change: Change) -> dict[str, Any]:
    return {"reason": named(one.reason, change.shown), "statement": _statement(one.place)}
