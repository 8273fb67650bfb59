"""A condition with ForAnyValue has no value."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            if condition.member.value.items == () and condition.qualifier == "ForAnyValue":
                yield Found(
                    f"{condition.key} has no value, so the condition never holds", condition.place, condition.key
                )


CHECK = Check(
    code="EMPTY_ARRAY_CONDITION_FORANYVALUE",
    type=Type.SUGGESTION,
    summary="A condition with ForAnyValue has no value.",
    explanation="ForAnyValue with an empty list never holds, so the statement has no effect.",
    remedy="Add values, or remove the condition.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*", '
            '"Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": []}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*", '
            '"Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}}}'
        )
    ),
    find=find,
)
