"""A boolean condition has a value that is neither true nor false."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            for value in condition.values if condition.family in ("Bool", "Null") else ():
                if "${" not in value.shown and value.shown.lower() not in ("true", "false"):
                    yield Found(
                        f"{value.shown} is neither true nor false", value.place, f"{condition.key} {value.shown}"
                    )


CHECK = Check(
    code="TYPE_MISMATCH_BOOLEAN",
    type=Type.WARNING,
    summary="A boolean condition has a value that is neither true nor false.",
    explanation="Bool and Null compare with true and false. Another value never matches, and with Null AWS rejects it.",
    remedy="Write true or false.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"Bool": {"aws:SecureTransport": "yes"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"Bool": {"aws:SecureTransport": "true"}}}'
        )
    ),
    find=find,
)
