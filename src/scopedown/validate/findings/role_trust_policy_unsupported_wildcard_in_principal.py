"""The principal of a role trust policy is the wildcard."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind is Kind.TRUST else ():
        node = statement.get("Principal")
        if node is not None and node.text == "*":
            yield Found("the principal of a role trust policy is *", node.place, str(statement.number))


CHECK = Check(
    code="ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
    type=Type.ERROR,
    summary="The principal of a role trust policy is the wildcard.",
    explanation="A role trust policy names who may assume the role. AWS rejects the principal * in it.",
    remedy="Name the accounts, roles, services or providers that may assume the role.",
    bad=Example(
        policy('{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}'),
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
