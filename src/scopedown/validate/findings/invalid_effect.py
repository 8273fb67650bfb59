"""Effect is neither Allow nor Deny."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import is_known


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        if statement.effect and is_known(statement.effect) and statement.effect not in ("Allow", "Deny"):
            node = statement.get("Effect")
            assert node is not None
            yield Found(f"the effect {statement.effect} is neither Allow nor Deny", node.place, statement.effect)


CHECK = Check(
    code="INVALID_EFFECT",
    type=Type.ERROR,
    summary="Effect is neither Allow nor Deny.",
    explanation="Effect is Allow or Deny, with the capital letter. AWS rejects every other text.",
    remedy="Write Allow or Deny.",
    bad=Example(policy('{"Effect": "allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}')),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}')),
    find=find,
)
