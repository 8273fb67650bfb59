"""A Sid is empty."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        node = statement.get("Sid")
        if node is not None and node.text == "":
            yield Found("the Sid is empty", node.place, str(statement.number))


CHECK = Check(
    code="EMPTY_SID_VALUE",
    type=Type.SUGGESTION,
    summary="A Sid is empty.",
    explanation="A Sid is optional. An empty one does not name the statement.",
    remedy="Write a name, or remove the element.",
    bad=Example(policy('{"Sid": "", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::a"}')),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::a"}')),
    find=find,
)
