"""A role trust policy has a resource."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind is Kind.TRUST else ():
        for member in statement.value.members or ():
            if member.key in ("Resource", "NotResource"):
                yield Found(f"a role trust policy has no {member.key}", member.place, member.key)


CHECK = Check(
    code="ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",
    type=Type.ERROR,
    summary="A role trust policy has a resource.",
    explanation="A role trust policy is about the role that it is attached to. AWS rejects Resource and NotResource "
    "in it.",
    remedy="Remove the element.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole", "Resource": "*"}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    good=Example(
        policy('{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "sts:AssumeRole"}'),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    find=find,
)
