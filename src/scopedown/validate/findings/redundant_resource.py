"""A resource is in another of the same list."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.redundant import covered


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for element in ("Resource", "NotResource"):
            entries = statement.texts(element)
            for at, other in covered([entry.text or "" for entry in entries]):
                yield Found(
                    f"{entries[at].text} is already in {entries[other].text}", entries[at].place, entries[at].text or ""
                )


CHECK = Check(
    code="REDUNDANT_RESOURCE",
    type=Type.SUGGESTION,
    summary="A resource is in another of the same list.",
    explanation="The entry adds nothing, and removing it takes nothing away.",
    remedy="Remove the entry, or the wider one.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "iam:GetRole", '
            '"Resource": ["arn:aws:iam::111122223333:role/jane-admin", '
            '"arn:aws:iam::111122223333:role/jane*"]}'
        )
    ),
    good=Example(
        policy('{"Effect": "Allow", "Action": "iam:GetRole", "Resource": "arn:aws:iam::111122223333:role/jane*"}')
    ),
    find=find,
    by_aws=True,
)
