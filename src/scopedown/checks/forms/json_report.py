"""JSON, ``scopedown.check/1`` (docs/json.md)."""

from __future__ import annotations

import json
from typing import Any

from scopedown.checks.results import Report, Result
from scopedown.core.place import place_json


def render(report: Report) -> str:
    """One object."""
    if report.command == "validate":
        return json.dumps(_of_policies(report), indent=2) + "\n"
    shown = {
        "schema": "scopedown.check/1",
        "failed": report.failed,
        "projects": report.projects,
        "functions": report.functions,
        "seenPartly": report.partly,
        "notRead": report.unread,
        "notCompared": list(report.not_compared),
        "ignored": report.ignored,
        "known": report.known,
        "problems": [_result(result) for result in report.results],
    }
    return json.dumps(shown, indent=2) + "\n"


def _of_policies(report: Report) -> dict[str, Any]:
    """``scopedown.validate/1``."""
    return {
        "schema": "scopedown.validate/1",
        "failed": report.failed,
        "policies": report.policies,
        "ignored": report.ignored,
        "known": report.known,
        "findings": [
            {
                "code": one.rule.id,
                "type": getattr(one.rule, "type", ""),
                "severity": str(one.rule.severity),
                "message": one.problem.message,
                "remedy": one.rule.remedy,
                "link": getattr(one.rule, "link", ""),
                "place": place_json(one.problem.place),
                "policy": one.problem.role,
                "about": one.problem.about,
                "fingerprint": one.fingerprint,
            }
            for one in report.results
        ],
    }


def _result(one: Result) -> dict[str, Any]:
    problem, rule = one.problem, one.rule
    return {
        "rule": rule.id,
        "name": rule.name,
        "severity": str(rule.severity),
        "message": problem.message,
        "remedy": rule.remedy,
        "project": one.project,
        "place": place_json(problem.place),
        "role": problem.role,
        "functions": list(problem.functions),
        "about": problem.about,
        "related": [{**place_json(place), "what": what} for place, what in problem.related],
        "fingerprint": one.fingerprint,
        "codes": list(problem.codes),
        "fixable": problem.fix is not None,
    }
