"""A trust policy has an action that does not fit its principal."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.principals import is_saml, oidc_host
from scopedown.validate.values import is_known


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind is Kind.TRUST else ():
        for entry in statement.actions:
            action = (entry.text or "").lower()
            for type, principal in statement.principals_of("Principal"):
                text = principal.text or ""
                if is_known(text) and _is_said(type, text) and not _fits(action, type, text):
                    yield Found(f"{entry.text} does not fit the principal {text}", entry.place, f"{action} {text}")


def _is_said(type: str, principal: str) -> bool:
    """Whether a principal is one of which something can be said: other checks are about how it is written."""
    return principal != "*" and (type != "Federated" or is_saml(principal) or oidc_host(principal) is not None)


def _fits(action: str, type: str, principal: str) -> bool:
    """Whether a principal may be given an action; of others than the three for assuming a role nothing is said."""
    if action == "sts:assumerolewithsaml":
        return is_saml(principal)
    if action == "sts:assumerolewithwebidentity":
        return type == "Federated" and not is_saml(principal)
    return action != "sts:assumerole" or type != "Federated"


CHECK = Check(
    code="MISMATCHED_ACTION_FOR_PRINCIPAL",
    type=Type.ERROR,
    summary="A trust policy has an action that does not fit its principal.",
    explanation="A SAML provider needs sts:AssumeRoleWithSAML, an OIDC provider sts:AssumeRoleWithWebIdentity; "
    "accounts and services need sts:AssumeRole.",
    remedy="Write the action that fits the principal.",
    bad=Example(
        policy(
            '{"Effect": "Allow", '
            '"Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/office"}, '
            '"Action": "sts:AssumeRoleWithWebIdentity"}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", '
            '"Principal": {"Federated": "arn:aws:iam::111122223333:saml-provider/office"}, '
            '"Action": "sts:AssumeRoleWithSAML"}'
        ),
        Kind.TRUST,
        "AWS::IAM::AssumeRolePolicyDocument",
    ),
    find=find,
    by_aws=True,
)
