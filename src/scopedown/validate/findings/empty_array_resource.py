"""A list of resources is empty."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for element in ("Resource", "NotResource"):
            node = statement.get(element)
            if node is not None and node.items == ():
                yield Found(f"{element} is empty", node.place, element)


CHECK = Check(
    code="EMPTY_ARRAY_RESOURCE",
    type=Type.SUGGESTION,
    summary="A list of resources is empty.",
    explanation="A statement without resources has no effect.",
    remedy="Add the resources, or remove the statement.",
    bad=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": []}')),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}')),
    find=find,
)
