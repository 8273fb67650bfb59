"""A condition on the subject of a token begins with a wildcard."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.principals import claims


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for condition in claims(document, "sub"):
        for value in condition.values if condition.is_like and not condition.negated else ():
            field = re.split("[*?]", value.shown)[0].rpartition(":")[2]
            if set(value.shown) & set("*?") and "${" not in value.shown and len(field) < _LEAST:
                yield Found(f"{value.shown} takes in subjects of others", value.place, value.shown)


_LEAST = 6
"""Characters that AWS asks for before a wildcard, in the part of the subject that the wildcard is in."""


CHECK = Check(
    code="WILDCARD_USAGE_TOO_PERMISSIVE",
    type=Type.ERROR,
    summary="A condition on the subject of a token begins with a wildcard.",
    explanation="A provider of identities gives tokens to everyone who uses it. The subject says whose token it is: "
    "a wildcard with little text before it takes in those of others.",
    remedy="Write at least six characters of the subject before the wildcard.",
    bad=Example(
        policy(
            '{"Effect": "Allow", '
            '"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"}, '
            '"Action": "sts:AssumeRoleWithWebIdentity", '
            '"Condition": {"StringLike": {"gitlab.com:sub": "project_path:*"}}}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", '
            '"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"}, '
            '"Action": "sts:AssumeRoleWithWebIdentity", '
            '"Condition": {"StringLike": {"gitlab.com:sub": '
            '"project_path:example-group/shop:ref_type:branch:ref:main"}}}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    find=find,
    reading="A wildcard in a condition on the subject of an OIDC token with fewer than six characters before it, "
    "since the last colon. Users report that AWS asks for six.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
)
