"""A condition with ForAllValues has no value."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            if condition.member.value.items == () and condition.qualifier == "ForAllValues":
                yield Found(
                    f"{condition.key} has no value, so the condition only holds where the key is missing",
                    condition.place,
                    condition.key,
                )


CHECK = Check(
    code="EMPTY_ARRAY_CONDITION_FORALLVALUES",
    type=Type.SUGGESTION,
    summary="A condition with ForAllValues has no value.",
    explanation="ForAllValues with an empty list only holds where the key is missing.",
    remedy="Use Null with the value true, or add values.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*", '
            '"Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": []}}}'
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
