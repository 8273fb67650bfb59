"""A role trust policy has NotPrincipal."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind is Kind.TRUST else ():
        for member in statement.value.members or ():
            if member.key == "NotPrincipal":
                yield Found("a role trust policy has no NotPrincipal", member.place, str(statement.number))


CHECK = Check(
    code="ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL",
    type=Type.ERROR,
    summary="A role trust policy has NotPrincipal.",
    explanation="A role trust policy names who may assume the role. AWS rejects NotPrincipal in it.",
    remedy="Name the principals with Principal.",
    bad=Example(
        policy(
            '{"Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:role/app"}, '
            '"Action": "sts:AssumeRole"}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, '
            '"Action": "sts:AssumeRole"}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    find=find,
)
