"""A condition on a date has a value that is not a date."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.operators import read_date
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            for value in condition.values if condition.family == "Date" else ():
                if "${" not in value.shown and read_date(value.shown) is None:
                    yield Found(f"{value.shown} is not a date", value.place, f"{condition.key} {value.shown}")


CHECK = Check(
    code="TYPE_MISMATCH_DATE",
    type=Type.WARNING,
    summary="A condition on a date has a value that is not a date.",
    explanation="Date operators compare with dates of ISO 8601, such as 2026-11-28 or 2026-11-28T10:00:00Z. Another "
    "value never matches.",
    remedy="Write the date as YYYY-MM-DD.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"DateLessThan": {"aws:CurrentTime": "28.11.2026"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"DateLessThan": {"aws:CurrentTime": "2026-11-28"}}}'
        )
    ),
    find=find,
)
