"""A statement has neither Action nor NotAction."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        if not statement.has("Action", "NotAction"):
            yield Found("the statement has neither Action nor NotAction", statement.place, str(statement.number))


CHECK = Check(
    code="MISSING_ACTION",
    type=Type.ERROR,
    summary="A statement has neither Action nor NotAction.",
    explanation="Every statement says with Action or NotAction what it is about. AWS rejects one without.",
    remedy="Add Action with the actions that the statement is about.",
    bad=Example(policy('{"Effect": "Allow", "Resource": "arn:aws:s3:::reports"}')),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}')),
    find=find,
)
