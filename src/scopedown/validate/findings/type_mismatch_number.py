"""A condition on a number has a value that is not a number."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.operators import read_number
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            for value in condition.values if condition.family == "Numeric" else ():
                if "${" not in value.shown and read_number(value.shown) is None:
                    yield Found(f"{value.shown} is not a number", value.place, f"{condition.key} {value.shown}")


CHECK = Check(
    code="TYPE_MISMATCH_NUMBER",
    type=Type.WARNING,
    summary="A condition on a number has a value that is not a number.",
    explanation="Numeric operators compare with numbers. Another value never matches.",
    remedy="Write a number.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports", '
            '"Condition": {"NumericEquals": {"s3:max-keys": "ten"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports", '
            '"Condition": {"NumericEquals": {"s3:max-keys": "10"}}}'
        )
    ),
    find=find,
)
