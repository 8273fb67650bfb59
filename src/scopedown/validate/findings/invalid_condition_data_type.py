"""The values of a condition have different JSON types."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import Value


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            types = {_type(value) for value in condition.values}
            if len(types) > 1:
                what = " and ".join(sorted(types))
                yield Found(f"the values of {condition.key} are {what}", condition.member.value.place, condition.key)


def _type(value: Value) -> str:
    if isinstance(value.scalar, bool):
        return "booleans"
    return "texts" if isinstance(value.scalar, str) else "numbers"


CHECK = Check(
    code="INVALID_CONDITION_DATA_TYPE",
    type=Type.ERROR,
    summary="The values of a condition have different JSON types.",
    explanation="All values of one condition key are of one JSON type: texts, numbers, or booleans.",
    remedy="Write all values of the condition key in the same JSON type.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports", '
            '"Condition": {"NumericEquals": {"s3:max-keys": ["10", 20]}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports", '
            '"Condition": {"NumericEquals": {"s3:max-keys": ["10", "20"]}}}'
        )
    ),
    find=find,
)
