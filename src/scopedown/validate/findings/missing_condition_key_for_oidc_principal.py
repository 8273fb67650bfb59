"""A role trusts a whole identity provider."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.principals import GITHUB, trusting


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement, principal, host in trusting(document):
        own = [one for one in statement.conditions if one.lower.startswith(f"{host.lower()}:")]
        if host != GITHUB and not own:
            yield Found(f"everyone who signs in with {host} can assume the role", principal.place, host)


CHECK = Check(
    code="MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
    type=Type.SECURITY_WARNING,
    summary="A role trusts a whole identity provider.",
    explanation="An OIDC provider gives tokens to everyone who signs in with it. Without a condition on its claims "
    "all of them can assume the role.",
    remedy="Add a condition on the provider's claims, such as its aud and sub.",
    bad=Example(
        policy(
            '{"Effect": "Allow", '
            '"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"}, '
            '"Action": "sts:AssumeRoleWithWebIdentity"}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", '
            '"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"}, '
            '"Action": "sts:AssumeRoleWithWebIdentity", '
            '"Condition": {"StringEquals": {"gitlab.com:sub": "project_path:example-group/shop"}}}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    find=find,
)
