"""Who a role trust policy trusts: providers of identities, and the keys of their tokens.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import Condition, PolicyDocument, Statement
from scopedown.validate.values import Value, is_known

GITHUB = "token.actions.githubusercontent.com"
_PROVIDER = re.compile(r"arn:[^:]+:iam::[^:]*:(oidc|saml)-provider/(.+)")
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(/\S*)?")


def oidc_host(principal: str) -> str | None:
    """The host (and path) of an OpenID Connect provider, with which its keys begin; None for another principal.

    >>> oidc_host("arn:aws:iam::111122223333:oidc-provider/gitlab.com"), oidc_host("accounts.google.com")
    ('gitlab.com', 'accounts.google.com')
    """
    match = _PROVIDER.fullmatch(principal)
    if match:
        return match[2] if match[1] == "oidc" else None
    return principal if _DOMAIN.fullmatch(principal) else None


def is_saml(principal: str) -> bool:
    """Whether a federated principal is a SAML provider."""
    match = _PROVIDER.fullmatch(principal)
    return match is not None and match[1] == "saml"


def trusting(document: PolicyDocument) -> Iterator[tuple[Statement, Value, str]]:
    """The statements of a trust policy that allow, each with its OpenID Connect providers and their hosts."""
    if document.kind is not Kind.TRUST:
        return
    for statement in document.statements:
        for type, principal in statement.principals_of("Principal") if statement.allows else ():
            text = principal.text or ""
            host = oidc_host(text) if type == "Federated" and is_known(text) else None
            if host is not None:
                yield statement, principal, host


def claims(document: PolicyDocument, *names: str) -> Iterator[Condition]:
    """The conditions of a trust policy on claims of a provider's tokens (``sub``, ``aud``)."""
    if document.kind is Kind.TRUST:
        for statement in document.statements:
            for condition in statement.conditions:
                prefix, _, claim = condition.lower.rpartition(":")
                if claim in names and "." in prefix:
                    yield condition
