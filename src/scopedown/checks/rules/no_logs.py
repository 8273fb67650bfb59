"""A role without the permissions of its functions' logs."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Problem, Rule
from scopedown.checks.rule_parts import allowing, own_role
from scopedown.compare.denial import denied
from scopedown.compare.statement import Need
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity

_WRITING = ("logs:PutLogEvents", "logs:CreateLogStream")


def find(subject: Subject) -> Iterator[Problem]:
    """Functions that write logs and may not."""
    of_logs: dict[int, list[Need]] = {}
    for need in subject.needs:
        if need.permission.action in (*_WRITING, "logs:CreateLogGroup"):
            of_logs.setdefault(id(need.function), []).append(need)
    for function in subject.functions:
        lacking = [
            one for one in of_logs.get(id(function), ()) if subject.covered(one) == "no" and denied(subject, one)
        ]
        # Without logs:CreateLogGroup alone, a function may write to a group that something else made.
        if missing := [one for one in lacking if one.permission.action in _WRITING]:
            key = function.function.key
            actions = ", ".join(dict.fromkeys(one.permission.action for one in missing))
            what = ", ".join(sorted({f"{one.permission.action} on {one.arn}" for one in missing}))
            yield Problem(
                RULE.id, f"{key} cannot write its logs: its role does not allow {actions}"
                f" (for example {missing[0].permission.action} on {denied(subject, missing[0])})",
                function.function.place,
                subject.role.id, (key,), f"{key} {what}", (),
                allowing(lacking),
            )  # fmt: skip


RULE = Rule(
    id="SD103",
    name="no-logs",
    severity=Severity.WARNING,
    summary="A function's role does not allow it to write logs.",
    explanation="Lambda writes a function's output with the function's role. Without these actions its logs are lost.",
    remedy="Allow logs:CreateLogStream and logs:PutLogEvents on the function's log group.",
    bad=own_role("'sqs:ListQueues'"),
    good=own_role("'logs:*'"),
    find=find,
    tells=lambda subject: subject.complete,
    gate="missing",
)
