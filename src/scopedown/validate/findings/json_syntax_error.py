"""A document is not JSON."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import Value


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    if document.broken:
        yield Found(document.broken, document.place, "syntax")
    if document.root is not None:
        yield from _repeated(document.root)


def _repeated(value: Value) -> Iterator[Found]:
    """Keys that are twice in one object."""
    seen: set[str] = set()
    for member in value.members or ():
        if member.key in seen:
            yield Found(f"the key {member.key} is written twice in one object", member.place, member.key)
        seen.add(member.key)
        yield from _repeated(member.value)
    for item in value.items or ():
        yield from _repeated(item)


CHECK = Check(
    code="JSON_SYNTAX_ERROR",
    type=Type.ERROR,
    summary="A document is not JSON.",
    explanation="AWS reads policies as JSON, in which every text is in double quotes, and a key is written once in "
    "an object.",
    remedy="Correct the text at this place.",
    bad=Example(
        '{"Version": "2012-10-17", "Statement": [\n  {"Effect": "Allow", "Action": "s3:GetObject", '
        '"Resource": "arn:aws:s3:::reports/*"},\n]}'
    ),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}')),
    find=find,
)
