"""A federated principal is neither a provider nor a domain."""

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
        for type, principal in statement.principals:
            text = principal.text or ""
            plain = type == "Federated" and is_known(text) and not set(text) & set("*?$")
            if plain and oidc_host(text) is None and not is_saml(text):
                yield Found(f"{text} is neither a provider's ARN nor a domain", principal.place, text)


CHECK = Check(
    code="INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",
    type=Type.ERROR,
    summary="A federated principal is neither a provider nor a domain.",
    explanation="A role trust policy names an identity provider by the ARN that it has in IAM. Providers that AWS "
    "knows are named by their domain.",
    remedy="Write the ARN of the provider, or its domain.",
    bad=Example(
        policy('{"Effect": "Allow", "Principal": {"Federated": "office"}, "Action": "sts:AssumeRoleWithSAML"}'),
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
)
