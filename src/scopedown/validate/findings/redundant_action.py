"""An action is in another of the same list."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.redundant import covered


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for entries in (statement.actions, statement.not_actions):
            texts = [(entry.text or "").lower() for entry in entries]
            for at, other in covered(texts):
                yield Found(
                    f"{entries[at].text} is already in {entries[other].text}", entries[at].place, entries[at].text or ""
                )


CHECK = Check(
    code="REDUNDANT_ACTION",
    type=Type.SUGGESTION,
    summary="An action is in another of the same list.",
    explanation="The entry adds nothing, and removing it takes nothing away.",
    remedy="Remove the entry, or the wider one.",
    bad=Example(
        policy('{"Effect": "Allow", "Action": ["iam:Get*", "iam:List*", "iam:GetCredentialReport"], "Resource": "*"}')
    ),
    good=Example(policy('{"Effect": "Allow", "Action": ["iam:Get*", "iam:List*"], "Resource": "*"}')),
    find=find,
    by_aws=True,
)
