"""A boolean condition has several values."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            if condition.family in ("Bool", "Null") and not condition.qualifier and len(condition.values) > 1:
                yield Found(
                    f"{condition.operator.key} of {condition.key} has {len(condition.values)} values",
                    condition.member.value.place,
                    condition.key,
                )


CHECK = Check(
    code="INVALID_CONDITION_MULTIPLE_BOOLEAN",
    type=Type.ERROR,
    summary="A boolean condition has several values.",
    explanation="Bool and Null compare with one value. With both values the condition holds always or never, "
    "whatever was meant.",
    remedy="Keep one value: true or false.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"Bool": {"aws:SecureTransport": ["true", "false"]}}}'
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
