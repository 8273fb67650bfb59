"""A condition with IfExists has no value."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            if condition.member.value.items == () and condition.if_exists and not condition.qualifier:
                yield Found(
                    f"{condition.key} has no value, so the condition only holds where the key is missing",
                    condition.place,
                    condition.key,
                )


CHECK = Check(
    code="EMPTY_ARRAY_CONDITION_IFEXISTS",
    type=Type.SUGGESTION,
    summary="A condition with IfExists has no value.",
    explanation="IfExists with an empty list only holds where the key is missing.",
    remedy="Use Null with the value true, or add values.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEqualsIfExists": {"aws:PrincipalAccount": []}}}'
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
