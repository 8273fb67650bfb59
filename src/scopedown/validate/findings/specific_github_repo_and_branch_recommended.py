"""A condition on the subject of GitHub has a wildcard for the repository or branch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.principals import GITHUB, claims


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for condition in claims(document, "sub"):
        for value in condition.values if condition.lower.startswith(GITHUB) and condition.is_like else ():
            short = (
                len(re.split("[*?]", value.shown)[0].rpartition(":")[2]) < 6
            )  # WILDCARD_USAGE_TOO_PERMISSIVE says it
            if set(value.shown) & set("*?") and not condition.negated and not short:
                yield Found(f"{value.shown} has a wildcard", value.place, value.shown)


CHECK = Check(
    code="SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
    type=Type.WARNING,
    summary="A condition on the subject of GitHub has a wildcard for the repository or branch.",
    explanation="Every repository, branch or event that the wildcard takes in can assume the role.",
    remedy="Write the repository and the branch: repo:OWNER/NAME:ref:refs/heads/BRANCH.",
    bad=Example(
        policy(
            '{"Effect": "Allow", '
            '"Principal": {"Federated": '
            '"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, '
            '"Action": "sts:AssumeRoleWithWebIdentity", '
            '"Condition": {"StringLike": {"token.actions.githubusercontent.com:sub": "repo:example-org/*"}}}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", '
            '"Principal": {"Federated": '
            '"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, '
            '"Action": "sts:AssumeRoleWithWebIdentity", '
            '"Condition": {"StringEquals": {"token.actions.githubusercontent.com:sub": '
            '"repo:example-org/shop:ref:refs/heads/main"}}}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    find=find,
)
