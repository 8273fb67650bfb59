"""A condition has no value."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            if condition.member.value.items == () and not condition.qualifier and not condition.if_exists:
                yield Found(f"{condition.key} has no value", condition.place, condition.key)


CHECK = Check(
    code="EMPTY_ARRAY_CONDITION",
    type=Type.SUGGESTION,
    summary="A condition has no value.",
    explanation="A condition without values says nothing that was meant.",
    remedy="Add the values, or remove the condition.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:PrincipalAccount": []}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}}'
        )
    ),
    find=find,
)
