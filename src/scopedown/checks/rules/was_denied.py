"""A request of a role that AWS denied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scopedown.checks.model import Example, Problem, Rule
from scopedown.checks.rule_parts import SERVICE, TABLE, problem_of
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.observe.join import Class, Row


def of_uses(subject: Subject, rows: Sequence[Row]) -> Iterator[Problem]:
    """What the logs show as denied."""
    for row in rows:
        if row.kind is Class.DENIED:
            because = f" ({row.reason})" if row.reason else ""
            needed = "" if row.needed else "; the code does not show this call"
            yield problem_of(RULE.id, subject, row, f"was denied{because}{needed}")


RULE = Rule(
    id="SD702",
    name="was-denied",
    severity=Severity.WARNING,
    summary="A request of the role was denied.",
    explanation="The table of uses (the setting used) shows that AWS denied a request of the role. If the code needs "
    "the action, the function failed there.",
    remedy="Run scopedown denied with AWS's message: it says which policy to change.",
    bad=Example(
        SERVICE,
        used=TABLE.format(event="SendMessage", action="sqs:SendMessage", denied=1),
    ),
    good=Example(SERVICE, used=TABLE.partition("\n")[0] + "\n"),
    of_uses=of_uses,
    gate="denied",
)
