"""A role trusts all of GitHub."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.principals import GITHUB, trusting


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement, principal, host in trusting(document):
        if host == GITHUB and not statement.condition_on(*(f"{GITHUB}:{claim}" for claim in _CLAIMS)):
            yield Found("every workflow of GitHub can assume the role", principal.place, host)


_CLAIMS = ("sub", "job_workflow_ref")
"""The claims by which AWS takes a trust policy for limited
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html)."""


CHECK = Check(
    code="MISSING_GITHUB_REPO_CONDITION_KEY",
    type=Type.SECURITY_WARNING,
    summary="A role trusts all of GitHub.",
    explanation="GitHub gives tokens to the workflows of everyone. Without a condition on the subject all of them "
    "can assume the role.",
    remedy="Add a condition on token.actions.githubusercontent.com:sub with the repository and branch.",
    bad=Example(
        policy(
            '{"Effect": "Allow", '
            '"Principal": {"Federated": '
            '"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}, '
            '"Action": "sts:AssumeRoleWithWebIdentity", '
            '"Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}}'
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
            '"Condition": {"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com", '
            '"token.actions.githubusercontent.com:sub": "repo:example-org/shop:ref:refs/heads/main"}}}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    find=find,
)
