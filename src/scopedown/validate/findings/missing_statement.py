"""A policy has no statement."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    root = document.root
    if root is not None and root.members is not None:
        node = root.get("Statement")
        if node is None or (node.items is not None and not node.items):
            yield Found("the policy has no statement", node.place if node is not None else root.place, "Statement")


CHECK = Check(
    code="MISSING_STATEMENT",
    type=Type.ERROR,
    summary="A policy has no statement.",
    explanation="A policy without a statement says nothing, and AWS rejects it.",
    remedy="Add a statement.",
    bad=Example('{"Version": "2012-10-17", "Statement": []}'),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}')),
    find=find,
)
