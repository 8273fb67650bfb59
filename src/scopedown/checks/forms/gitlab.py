"""GitLab's Code Quality report: what a merge request shows beside its changed lines.

Source: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format (the fields, the five severities, a
fingerprint that is unique, a path relative to the repository, no byte order mark).
"""

from __future__ import annotations

import json
from typing import Any

from scopedown.checks.model import titled
from scopedown.checks.results import Report, Result
from scopedown.core.finding import Severity, printable

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.NOTE: "info"}
"""Of info, minor, major, critical and blocker."""


def render(report: Report) -> str:
    """One array, empty if there are no problems: GitLab compares it with that of the target branch."""
    return json.dumps([_issue(result) for result in report.results], indent=2) + "\n"


def _issue(one: Result) -> dict[str, Any]:
    rule, problem = one.rule, one.problem
    return {
        "description": printable(f"{problem.message}. {rule.remedy}"),
        "check_name": titled(rule),
        "fingerprint": one.fingerprint,
        "severity": _SEVERITIES[rule.severity],
        "location": {"path": problem.place.file, "lines": {"begin": max(problem.place.line, 1)}},
    }
