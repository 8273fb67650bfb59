"""A binary condition has a value that is not base64."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.operators import OPERATORS
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            for value in condition.values if condition.family == "Binary" else ():
                if "${" not in value.shown and OPERATORS["BinaryEquals"].read(value.shown) is None:
                    yield Found(f"{value.shown} is not base64", value.place, f"{condition.key} {value.shown}")


CHECK = Check(
    code="TYPE_MISMATCH_STRING",
    type=Type.WARNING,
    summary="A binary condition has a value that is not base64.",
    explanation="BinaryEquals compares with bytes, which are written in base64. Another value never matches.",
    remedy="Write the bytes in base64.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"BinaryEquals": {"aws:PrincipalTag/key": "not base64!"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:PrincipalTag/key": "not base64!"}}}'
        )
    ),
    find=find,
)
