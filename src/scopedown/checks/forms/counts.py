"""The sentence that ends a report: how much was looked at, and what was found."""

from __future__ import annotations

from collections import Counter

from scopedown.checks.results import Report
from scopedown.core.words import count, some_of


def summary(report: Report) -> str:
    """One line.

    >>> summary(Report((), projects=1, functions=2, ignored=1))
    '1 project, 2 functions: no problems (1 ignored)'
    """
    by_severity = Counter(str(result.rule.severity) for result in report.results)
    found = ", ".join(count(by_severity[name], name) for name in ("error", "warning", "note") if by_severity[name])
    beside = [
        text
        for count, text in ((report.ignored, "ignored"), (report.known, "in the baseline"))
        if count
        for text in (f"{count} {text}",)
    ]
    aside = f" ({', '.join(beside)})" if beside else ""
    if report.command == "validate":
        looked = "1 policy" if report.policies == 1 else f"{report.policies} policies"
    elif report.command == "compare":
        looked = count(report.policies, "comparison")
    else:
        looked = f"{count(report.projects, 'project')}, {count(report.functions, 'function')}"
    if report.read_nothing:
        return f"{looked}: no function's code was read, so nothing was compared with it{aside}"
    unseen = [
        f"{count} {what}" for count, what in ((report.partly, "seen partly"), (report.unread, "not read")) if count
    ]
    looked += f" ({', '.join(unseen)})" if unseen else ""
    return f"{looked}: {found or 'no problems'}{aside}"


def not_compared(report: Report) -> str:
    """The roles of which no function shows what they need; empty where there are none.

    >>> not_compared(Report((), not_compared=("TaskRole (ecs-tasks)",)))
    '1 role that no function uses was not compared with code: TaskRole (ecs-tasks)'
    """
    roles = report.not_compared
    if not roles:
        return ""
    verb = "was" if len(roles) == 1 else "were"
    return f"{count(len(roles), 'role')} that no function uses {verb} not compared with code: {some_of(roles, 5)}"
