"""SARIF 2.1.0, as code scanning of GitHub reads it.

Sources: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html for the form,
https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning for what GitHub reads
of it, https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit for its
limits.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from scopedown import __version__
from scopedown.checks.explanation import explanation
from scopedown.checks.model import Described
from scopedown.checks.results import Report, Result
from scopedown.core.finding import Severity
from scopedown.core.place import Place

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
"""What paths are relative to: the repository's folder, by the name that GitHub knows."""
MOST_RESULTS = 25_000
"""A run with more is refused. Of more than 5,000, GitHub shows those of the greatest severity."""
MOST_RELATED = 100
"""Locations that are shown of a result."""
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def render(report: Report) -> str:
    """The log, of one run."""
    return json.dumps(log(report), indent=2) + "\n"


def log(report: Report) -> dict[str, Any]:
    """The log as data."""
    numbers = {rule.id: number for number, rule in enumerate(report.looked_for)}
    found = list(report.results)
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "scopedown",
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in report.looked_for],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The repository's folder."}}},
        "results": [],
    }
    if len(found) > MOST_RESULTS:
        found = sorted(found, key=lambda one: _WORST_FIRST.index(one.rule.severity))[:MOST_RESULTS]
        left_out = f"{len(report.results) - MOST_RESULTS} results of the lowest severity are left out"
        run["invocations"] = [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [{"level": "warning", "message": {"text": left_out}}],
            }
        ]
    run["results"] = [_result(result, numbers[result.rule.id]) for result in found]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Described) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "tags": ["iam", "least-privilege", *(["security"] if rule.security else [])],
        "precision": "high",
        "problem.severity": "recommendation" if rule.severity is Severity.NOTE else str(rule.severity),
    }
    if rule.security:
        properties["security-severity"] = f"{rule.security:.1f}"
    if rule.codes:
        properties["accessAnalyzerCodes"] = list(rule.codes)
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": f"{rule.explanation}\n\nRemedy: {rule.remedy}", "markdown": explanation(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": properties,
    }


def _result(one: Result, number: int) -> dict[str, Any]:
    problem = one.problem
    result: dict[str, Any] = {
        "ruleId": one.rule.id,
        "ruleIndex": number,
        "level": _LEVELS[one.rule.severity],
        "message": {"text": f"{problem.message}. {one.rule.remedy}"},
        "locations": [
            {
                "physicalLocation": _physical(problem.place),
                "logicalLocations": [{"name": problem.role, "kind": "resource"}],
            }
        ],
        # GitHub reads the first; other readers may tell the two apart.
        "partialFingerprints": {"primaryLocationLineHash": f"{one.fingerprint}:1", "scopedown/v1": one.fingerprint},
    }
    if problem.codes:
        result["properties"] = {"accessAnalyzerCodes": list(problem.codes)}
    if problem.related:
        result["relatedLocations"] = [
            {"id": at, "message": {"text": what}, "physicalLocation": _physical(place)}
            for at, (place, what) in enumerate(problem.related[:MOST_RELATED], 1)
        ]
    return result


def _physical(place: Place) -> dict[str, Any]:
    return {
        "artifactLocation": {"uri": quote(place.file), "uriBaseId": ROOT},
        "region": {"startLine": max(place.line, 1), "startColumn": max(place.column, 1)},
    }
