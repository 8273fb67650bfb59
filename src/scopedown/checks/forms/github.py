"""Workflow commands of GitHub Actions: each result is an annotation at its line.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands (properties, and what is
escaped: ``%`` everywhere, CR and LF as text, ``:`` and ``,`` in properties, as actions/toolkit does it).
"""

from __future__ import annotations

from scopedown.checks.forms.counts import summary
from scopedown.checks.model import titled
from scopedown.checks.results import Report, Result
from scopedown.core.finding import Severity, printable

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(report: Report) -> str:
    """One command a line, and the counts."""
    return "\n".join([*map(_command, report.results), summary(report)]) + "\n"


def _command(one: Result) -> str:
    place, rule = one.problem.place, one.rule
    given = {
        "file": place.file, "line": str(place.line), "col": str(place.column), "title": titled(rule),
    }  # fmt: skip
    properties = ",".join(f"{name}={_property(value)}" for name, value in given.items())
    return f"::{_COMMANDS[rule.severity]} {properties}::{_data(f'{one.problem.message}. {rule.remedy}')}"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25")  # no line ends in what can be printed


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
