"""A list of actions is empty."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for element in ("Action", "NotAction"):
            node = statement.get(element)
            if node is not None and node.items == ():
                yield Found(f"{element} is empty", node.place, element)


CHECK = Check(
    code="EMPTY_ARRAY_ACTION",
    type=Type.SUGGESTION,
    summary="A list of actions is empty.",
    explanation="A statement without actions has no effect.",
    remedy="Add the actions, or remove the statement.",
    bad=Example(policy('{"Effect": "Allow", "Action": [], "Resource": "*"}')),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}')),
    find=find,
)
