"""A service control policy has a principal."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind is Kind.SCP else ():
        for member in statement.value.members or ():
            if member.key in ("Principal", "NotPrincipal"):
                yield Found(f"a service control policy has no {member.key}", member.place, member.key)


CHECK = Check(
    code="SCP_SYNTAX_ERROR_PRINCIPAL",
    type=Type.ERROR,
    summary="A service control policy has a principal.",
    explanation="A service control policy is about all principals of the accounts that it is attached to, and has "
    "neither Principal nor NotPrincipal.",
    remedy="Remove the element; use the condition key aws:PrincipalArn to leave some principals out.",
    bad=Example(policy('{"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}'), Kind.SCP),
    good=Example(policy('{"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}'), Kind.SCP),
    find=find,
)
