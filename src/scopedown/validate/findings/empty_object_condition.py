"""Condition, or one of its operators, is empty."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        node = statement.get("Condition")
        if node is not None and node.members == ():
            yield Found("Condition is empty", node.place, "Condition")
        for operator in (node.members if node is not None else None) or ():
            if operator.value.members == ():
                yield Found(f"{operator.key} has no condition key", operator.place, operator.key)


CHECK = Check(
    code="EMPTY_OBJECT_CONDITION",
    type=Type.SUGGESTION,
    summary="Condition, or one of its operators, is empty.",
    explanation="An empty condition always holds.",
    remedy="Add the condition, or remove the element.",
    bad=Example(
        policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", "Condition": {}}')
    ),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}')),
    find=find,
)
