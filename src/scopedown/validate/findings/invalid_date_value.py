"""A date is written as seconds since 1970."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            for value in condition.values if condition.family == "Date" and condition.lower != "aws:epochtime" else ():
                if re.fullmatch(r"-?[0-9]{5,18}(\.[0-9]+)?", value.shown):
                    yield Found(f"{value.shown} is a date in seconds since 1970", value.place, value.shown)


CHECK = Check(
    code="INVALID_DATE_VALUE",
    type=Type.WARNING,
    summary="A date is written as seconds since 1970.",
    explanation="Seconds since 1970 are compared, but they may not be the moment that was meant: leap seconds are "
    "not counted.",
    remedy="Write the date as YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"DateLessThan": {"aws:CurrentTime": "1796000000"}}}'
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
