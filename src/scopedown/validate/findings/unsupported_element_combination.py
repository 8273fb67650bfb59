"""A statement has an element and its opposite."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for element in ("Action", "Resource", "Principal"):
            if statement.has(element) and statement.has(f"Not{element}"):
                yield Found(f"the statement has both {element} and Not{element}", statement.place, element)


CHECK = Check(
    code="UNSUPPORTED_ELEMENT_COMBINATION",
    type=Type.ERROR,
    summary="A statement has an element and its opposite.",
    explanation="Action and NotAction exclude each other in one statement, as do Resource and NotResource, and "
    "Principal and NotPrincipal.",
    remedy="Keep one of the two elements.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:ListBucket", "NotAction": "s3:GetObject", '
            '"Resource": "arn:aws:s3:::reports"}'
        )
    ),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}')),
    find=find,
)
