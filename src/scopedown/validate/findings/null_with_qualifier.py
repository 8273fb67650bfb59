"""The operator Null has a set operator."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        node = statement.get("Condition")
        for operator in (node.members if node is not None else None) or ():
            if operator.key.endswith(":Null") and operator.key.partition(":")[0] in ("ForAllValues", "ForAnyValue"):
                yield Found(f"{operator.key} does not ask for the key", operator.place, operator.key)


CHECK = Check(
    code="NULL_WITH_QUALIFIER",
    type=Type.SUGGESTION,
    summary="The operator Null has a set operator.",
    explanation="ForAllValues:Null holds always, and ForAnyValue:Null never.",
    remedy="Write Null without a set operator.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*", '
            '"Condition": {"ForAllValues:Null": {"aws:TagKeys": "true"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*", '
            '"Condition": {"Null": {"aws:TagKeys": "true"}}}'
        )
    ),
    find=find,
)
