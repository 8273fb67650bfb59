"""A comment under a pull request: a table of the problems, what to do by rule, and the counts.

GitHub refuses a comment of more than 65,536 characters (unverified): the table ends before.
"""

from __future__ import annotations

from scopedown.checks.forms.counts import not_compared, summary
from scopedown.checks.model import titled
from scopedown.checks.results import Report, Result
from scopedown.core.finding import Severity
from scopedown.emit.markdown_text import markdown_text

MOST = 60_000
"""Characters of the table."""
_SIGNS = {Severity.ERROR: "**error**", Severity.WARNING: "warning", Severity.NOTE: "note"}


def render(report: Report) -> str:
    """The comment."""
    head = f"### scopedown {report.command}\n\n"
    looked_at = "\n\n".join(filter(None, (summary(report), markdown_text(not_compared(report)))))
    if not report.results:
        return f"{head}{looked_at}\n"
    rows: list[str] = []
    length = 0
    for result in report.results:
        row = _row(result)
        length += len(row) + 1
        if length > MOST:
            rows.append(f"| … | | | {len(report.results) - len(rows)} more |")
            break
        rows.append(row)
    remedies = {result.rule.id: f"- {titled(result.rule)}: {result.rule.remedy}" for result in report.results}
    return "\n".join(
        [f"{head}{looked_at}\n", "| | rule | place | problem |", "|---|---|---|---|", *rows, "",
         *(remedies[id] for id in sorted(remedies))]
    ) + "\n"  # fmt: skip


def _row(one: Result) -> str:
    place = _cell(f"{one.problem.place.file}:{one.problem.place.line}")
    return f"| {_SIGNS[one.rule.severity]} | {one.rule.id} | {place} | {_cell(one.problem.message)} |"


def _cell(text: str) -> str:
    return markdown_text(" ".join(text.split()))
