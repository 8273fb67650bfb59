"""For a person at a terminal: place, rule, what is wrong and what to do, and the counts."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.forms.counts import not_compared, summary
from scopedown.checks.model import titled
from scopedown.checks.results import Report, Result
from scopedown.core.finding import Severity, printable
from scopedown.core.words import count

COLOURS = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m", Severity.NOTE: "\x1b[36m"}
_PLAIN = "\x1b[0m"
_BOLD = "\x1b[1m"


def render(report: Report, colour: bool = False) -> str:
    """The lines of every result, by place; colours where the terminal shows them."""
    lines = [line for result in report.results for line in _lines(result, colour)]
    beside = [printable(line) for line in (summary(report), not_compared(report)) if line]
    return "\n".join([*lines, *beside, *_hints(report)]) + "\n"


def _hints(report: Report) -> Iterator[str]:
    if report.failed:
        yield f"the check fails because of {', '.join(report.fails_because)}"
    if report.gone:
        yield f"{count(report.gone, 'problem')} of the baseline not found any more: write it again (--write-baseline)"


def _lines(one: Result, colour: bool) -> Iterator[str]:
    problem, rule = one.problem, one.rule
    name = titled(rule).removeprefix(rule.id)
    on, bold, off = (COLOURS[rule.severity], _BOLD, _PLAIN) if colour else ("", "", "")
    yield (
        f"{bold}{printable(str(problem.place))}{off}: {on}{rule.severity} {rule.id}{off}{name}: "
        f"{printable(problem.message)}"
    )
    for place, what in problem.related:
        yield f"    {printable(f'{place}: {what}')}"
    yield f"    remedy: {printable(rule.remedy)}"
