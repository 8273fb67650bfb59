"""ForAnyValue is used with the audience of a token."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.principals import claims


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for condition in claims(document, "aud"):
        if condition.qualifier == "ForAnyValue":
            yield Found(
                f"{condition.key} accepts tokens that are also meant for others",
                condition.operator.place,
                condition.key,
            )


CHECK = Check(
    code="FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE",
    type=Type.SECURITY_WARNING,
    summary="ForAnyValue is used with the audience of a token.",
    explanation="A token may be meant for several audiences. ForAnyValue accepts one that is also meant for others.",
    remedy="Compare the audience with StringEquals, without ForAnyValue.",
    bad=Example(
        policy(
            '{"Effect": "Allow", '
            '"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"}, '
            '"Action": "sts:AssumeRoleWithWebIdentity", '
            '"Condition": {"ForAnyValue:StringEquals": {"gitlab.com:aud": "https://gitlab.com"}}}'
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
    reading="ForAnyValue with the claim aud of an OIDC provider.",
    source=""
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif",
)
