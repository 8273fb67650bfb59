"""A condition on the subject of a token begins with a variable."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.principals import claims


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for condition in claims(document, "sub"):
        for value in condition.values if not condition.negated and document.has_variables else ():
            before, dollar, _ = value.shown.partition("${")
            if dollar and len(before.rpartition(":")[2]) < _LEAST:
                yield Found(f"{value.shown} compares the subject with what the caller says", value.place, value.shown)


_LEAST = 6
"""As for wildcards (WILDCARD_USAGE_TOO_PERMISSIVE)."""


CHECK = Check(
    code="VARIABLE_USAGE_TOO_PERMISSIVE",
    type=Type.ERROR,
    summary="A condition on the subject of a token begins with a variable.",
    explanation="The value of a variable comes with the request, often with the token itself. A subject that is "
    "compared with it is compared with what the caller says.",
    remedy="Write the subject, or at least six characters of it, before the variable.",
    bad=Example(
        policy(
            '{"Effect": "Allow", '
            '"Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/gitlab.com"}, '
            '"Action": "sts:AssumeRoleWithWebIdentity", '
            '"Condition": {"StringEquals": {"gitlab.com:sub": "${aws:RequestTag/sub}"}}}'
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
    reading="As WILDCARD_USAGE_TOO_PERMISSIVE, with a policy variable in the place of the wildcard.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
)
