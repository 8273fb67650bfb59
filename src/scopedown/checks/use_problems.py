"""What logs show of a role, as a problem at the role; and the table that the examples of such rules have."""

from __future__ import annotations

from scopedown.checks.model import Problem
from scopedown.compare.subject import Subject
from scopedown.observe.join import Class, Row
from scopedown.observe.model import USED_COLUMNS

SERVICE = (
    "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {role: {statements: [{Effect: Allow, "
    "Action: 'sqs:SendMessage', Resource: '*'}]}}\nfunctions: {f: {handler: app.f}}\n"
)
TABLE = (
    f"{','.join(USED_COLUMNS)}\n"
    "111122223333,us-east-1,arn:aws:iam::111122223333:role/s-dev-us-east-1-lambdaRole,AssumedRole,,s-dev-f,sqs,{event},"
    "Data,arn:aws:sqs:us-east-1:111122223333:jobs,,{action},,2026-11-01T10:00:00Z,2026-11-20T10:00:00Z,12,{denied}\n"
)
"""A table of uses with one row, whose event, denied action and number of denials are open."""


def problem_of(rule: str, subject: Subject, row: Row, what: str) -> Problem:
    """The problem of a row: at the place that needs it, else at the role."""
    place = row.place or subject.role.place or subject.functions[0].function.place
    times = row.denied if row.kind is Class.DENIED else row.count
    last = max(use.last for use in row.uses)[:10]
    how_often = "once" if times == 1 else f"{times:,} times"
    message = f"{row.action} on {row.resource} {what} ({how_often}, last on {last})"
    keys = tuple(key for key in subject.keys if key in row.functions) or subject.keys
    return Problem(rule, message, place, subject.role.id, keys, f"{row.action} on {row.resource}")
