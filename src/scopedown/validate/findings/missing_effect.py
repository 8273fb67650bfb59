"""A statement has no Effect."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        if not statement.has("Effect"):
            yield Found("the statement has no Effect", statement.place, str(statement.number))


CHECK = Check(
    code="MISSING_EFFECT",
    type=Type.ERROR,
    summary="A statement has no Effect.",
    explanation="Every statement says with Effect whether it allows or denies. AWS rejects one without.",
    remedy="Add Effect with Allow or Deny.",
    bad=Example(policy('{"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}')),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}')),
    find=find,
)
