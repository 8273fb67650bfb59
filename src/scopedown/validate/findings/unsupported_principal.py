"""An identity-based policy has a principal."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import IAM_KINDS, PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind in IAM_KINDS else ():
        for member in statement.value.members or ():
            if member.key in ("Principal", "NotPrincipal"):
                yield Found(f"{document.words} has no {member.key}", member.place, member.key)


CHECK = Check(
    code="UNSUPPORTED_PRINCIPAL",
    type=Type.ERROR,
    summary="An identity-based policy has a principal.",
    explanation="The principal of an identity-based policy is the identity that it is attached to. AWS rejects "
    "Principal and NotPrincipal in it.",
    remedy="Remove the element.",
    bad=Example(
        policy('{"Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}')
    ),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}')),
    find=find,
)
