"""JSON, ``scopedown.check/1`` (docs/json.md)."""

from __future__ import annotations

import json
from typing import Any

from scopedown.checks.results import Report, Result
from scopedown.core.place import Place


def render(report: Report) -> str:
    """One object."""
    shown = {
        "schema": "scopedown.check/1",
        "failed": report.failed,
        "projects": report.projects,
        "functions": report.functions,
        "seenPartly": report.partly,
        "notRead": report.unread,
        "ignored": report.ignored,
        "known": report.known,
        "problems": [_result(result) for result in report.results],
    }
    return json.dumps(shown, indent=2) + "\n"


def _result(one: Result) -> dict[str, Any]:
    problem, rule = one.problem, one.rule
    return {
        "rule": rule.id,
        "name": rule.name,
        "severity": str(rule.severity),
        "message": problem.message,
        "remedy": rule.remedy,
        "project": one.project,
        "place": _place(problem.place),
        "role": problem.role,
        "functions": list(problem.functions),
        "about": problem.about,
        "related": [{**_place(place), "what": what} for place, what in problem.related],
        "fingerprint": one.fingerprint,
        "codes": list(problem.codes),
        "fixable": problem.fix is not None,
    }


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "column": place.column}
