"""An action that a role used, and that its code does not show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scopedown.checks.model import Example, Problem, Rule
from scopedown.checks.rule_parts import SERVICE, TABLE, problem_of
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.observe.join import Class, Row


def of_uses(subject: Subject, rows: Sequence[Row]) -> Iterator[Problem]:
    """What the logs show, and no call or setting explains."""
    for row in rows:
        if row.kind is Class.USED_NOT_FOUND:
            yield problem_of(RULE.id, subject, row, f"was used, but the code does not show it ({row.reason})")


RULE = Rule(
    id="SD701",
    name="used-not-found",
    severity=Severity.WARNING,
    summary="The role used an action that the code does not show.",
    explanation="The table of uses (the setting used) shows that the role used the action, and scopedown found no call "
    "and no setting that needs it. A person or another program may have used the role, or scopedown missed a call.",
    remedy='If the code needs it, add the comment "# scopedown: needs ACTION on TARGET". Otherwise find out who used '
    "the role.",
    bad=Example(SERVICE, used=TABLE.format(event="SendMessage", action="", denied=0)),
    good=Example(SERVICE, used=TABLE.partition("\n")[0] + "\n"),
    of_uses=of_uses,
    gate="used-not-found",
)
