"""A role trust policy is larger than AWS takes."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.iam.size import LIMITS, Quota
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    most = LIMITS[Quota.TRUST].characters
    if document.kind is Kind.TRUST and document.size > most:
        yield Found(
            f"the policy has {document.size} characters, and AWS takes {most} by default", document.place, "size"
        )


CHECK = Check(
    code="POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA",
    type=Type.WARNING,
    summary="A role trust policy is larger than AWS takes.",
    explanation="A role trust policy has at most 2,048 characters without white space, unless the quota of the "
    "account was raised.",
    remedy="Shorten it, or have the quota raised.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ['
            + ", ".join(f'"arn:aws:iam::111122223333:role/a-role-with-a-long-name-{number}"' for number in range(40))
            + "]}}"
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
