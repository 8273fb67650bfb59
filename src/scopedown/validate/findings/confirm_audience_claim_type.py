"""ForAllValues is used with the audience of a token."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.principals import claims


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for condition in claims(document, "aud"):
        if condition.qualifier == "ForAllValues":
            yield Found(f"ForAllValues holds where {condition.key} is missing", condition.operator.place, condition.key)


CHECK = Check(
    code="CONFIRM_AUDIENCE_CLAIM_TYPE",
    type=Type.SUGGESTION,
    summary="ForAllValues is used with the audience of a token.",
    explanation="The claim aud has one value or several, by the provider. ForAllValues also holds where the claim is "
    "missing.",
    remedy="Find out how many values the claim has; compare one value without a set operator.",
    bad=Example(
        policy(
            '{"Effect": "Allow", '
            '"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"}, '
            '"Action": "sts:AssumeRoleWithWebIdentity", '
            '"Condition": {"ForAllValues:StringEquals": {"gitlab.com:aud": "https://gitlab.com"}}}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", '
            '"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"}, '
            '"Action": "sts:AssumeRoleWithWebIdentity", '
            '"Condition": {"StringEquals": {"gitlab.com:aud": "https://gitlab.com"}}}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    find=find,
)
