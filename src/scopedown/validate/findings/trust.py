"""Role trust policies: providers of identities, the claims of their tokens, and what a principal may be given.

Sources:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif and
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from scopedown.iam.document import Kind
from scopedown.iam.wildcard import matching
from scopedown.validate.document import Condition, PolicyDocument, Statement
from scopedown.validate.finders import documents, finding, statements
from scopedown.validate.values import Found, Value, is_known

_GITHUB = "token.actions.githubusercontent.com"
_PROVIDER = re.compile(r"arn:[^:]+:iam::[^:]*:(oidc|saml)-provider/(.+)")
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(/\S*)?")
_LEAST = 6
"""Characters that AWS asks for before a wildcard, in the part of the subject that the wildcard is in."""
_CLAIMS = ("sub", "job_workflow_ref")
"""The claims by which AWS takes a trust policy for limited
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html)."""
_ACTION_OF_KEY = {
    "sts:SourceIdentity": "sts:SetSourceIdentity", "sts:TransitiveTagKeys": "sts:TagSession",
    "aws:RequestTag/": "sts:TagSession", "aws:TagKeys": "sts:TagSession",
}  # fmt: skip
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required and
https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html"""
_OF_ROLES_ANYWHERE = ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession")


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


def _trusting(document: PolicyDocument) -> Iterator[tuple[Statement, Value, str]]:
    """The statements of a trust policy that allow, each with its OpenID Connect providers and their hosts."""
    for statement in document.statements if document.kind is Kind.TRUST else ():
        for type, principal in statement.principals_of("Principal") if statement.allows else ():
            host = oidc_host(principal.shown) if type == "Federated" and is_known(principal.shown) else None
            if host is not None:
                yield statement, principal, host


def _claims(name: str) -> Callable[[PolicyDocument], Iterable[Condition]]:
    """The conditions of a trust policy on a claim of a provider's tokens (``sub``, ``aud``)."""

    def conditions(document: PolicyDocument) -> Iterator[Condition]:
        for condition in document.conditions if document.kind is Kind.TRUST else ():
            prefix, _, claim = condition.lower.rpartition(":")
            if claim == name and "." in prefix:
                yield condition

    return conditions


@finding(_trusting)
def missing_github_repo_condition_key(trusted: tuple[Statement, Value, str]) -> Iterator[Found]:
    statement, principal, host = trusted
    if host == _GITHUB and not statement.condition_on(*(f"{_GITHUB}:{claim}" for claim in _CLAIMS)):
        yield principal.found("every workflow of GitHub can assume the role", host)


@finding(_trusting)
def missing_condition_key_for_oidc_principal(trusted: tuple[Statement, Value, str]) -> Iterator[Found]:
    statement, principal, host = trusted
    limited = any(one.lower.startswith(f"{host.lower()}:") for one in statement.conditions)
    if host != _GITHUB and not limited:
        yield principal.found(f"everyone who signs in with {host} can assume the role", host)


@finding(_claims("aud"))
def confirm_audience_claim_type(condition: Condition) -> Iterator[Found]:
    if condition.qualifier == "ForAllValues":
        yield condition.found(f"ForAllValues holds where {condition.key} is missing", condition.operator.place)


@finding(_claims("aud"))
def foranyvalue_with_audience_claim_type(condition: Condition) -> Iterator[Found]:
    if condition.qualifier == "ForAnyValue":
        message = f"{condition.key} accepts tokens that are also meant for others"
        yield condition.found(message, condition.operator.place)


@finding(_claims("sub"))
def specific_github_repo_and_branch_recommended(condition: Condition) -> Iterator[Found]:
    for value in condition.values if condition.lower.startswith(_GITHUB) and condition.is_like else ():
        short = len(_before_wildcard(value)) < _LEAST  # WILDCARD_USAGE_TOO_PERMISSIVE reports it
        if set(value.shown) & set("*?") and not condition.negated and not short:
            yield value.found(f"{value.shown} has a wildcard")


@finding(_claims("sub"))
def wildcard_usage_too_permissive(condition: Condition) -> Iterator[Found]:
    for value in condition.literals if condition.is_like and not condition.negated else ():
        if set(value.shown) & set("*?") and len(_before_wildcard(value)) < _LEAST:
            yield value.found(f"{value.shown} takes in subjects of others")


def _before_wildcard(value: Value) -> str:
    """What is before the first wildcard, in the part of the subject that it is in."""
    return re.split("[*?]", value.shown)[0].rpartition(":")[2]


@finding(_claims("sub"))
def variable_usage_too_permissive(condition: Condition) -> Iterator[Found]:
    has_variables = condition.statement.document.has_variables
    for value in condition.values if not condition.negated and has_variables else ():
        before, dollar, _ = value.shown.partition("${")
        if dollar and len(before.rpartition(":")[2]) < _LEAST:
            yield value.found(f"{value.shown} compares the subject with what the caller says")


@finding(statements(Kind.TRUST))
def invalid_federated_principal_syntax_in_role_trust_policy(statement: Statement) -> Iterator[Found]:
    for type, principal in statement.principals:
        text = principal.shown
        plain = type == "Federated" and is_known(text) and not set(text) & set("*?$")
        if plain and oidc_host(text) is None and not is_saml(text):
            yield principal.found(f"{text} is neither a provider's ARN nor a domain")


@finding(statements(Kind.TRUST))
def mismatched_action_for_principal(statement: Statement) -> Iterator[Found]:
    for entry in statement.actions:
        action = entry.shown.lower()
        for type, principal in statement.principals_of("Principal"):
            text = principal.shown
            if is_known(text) and _is_said(type, text) and not _fits(action, type, text):
                yield entry.found(f"{entry.text} does not fit the principal {text}", f"{action} {text}")


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


@finding(statements(Kind.TRUST))
def missing_action_for_condition_key(statement: Statement) -> Iterator[Found]:
    for key, action in _ACTION_OF_KEY.items():
        if statement.allows and statement.actions and not _names([statement], action):
            for condition in statement.condition_on(key):
                yield condition.found(f"{condition.key} is set by {action}, which the statement does not allow")


@finding(documents(Kind.TRUST))
def missing_action_for_roles_anywhere_trust_policy(document: PolicyDocument) -> Iterator[Found]:
    for_it = [
        statement
        for statement in document.statements
        if statement.allows and any(one.text == "rolesanywhere.amazonaws.com" for _, one in statement.principals)
    ]
    lacking = [action for action in _OF_ROLES_ANYWHERE if not _names(for_it, action)]
    if for_it and lacking:
        yield Found(f"Roles Anywhere also needs {' and '.join(lacking)}", for_it[0].place, "rolesanywhere")


def _names(statements: Iterable[Statement], action: str) -> bool:
    """Whether an entry of Action of some statements means an action."""
    entries = (entry for statement in statements for entry in statement.actions)
    return any(matching(entry.shown.lower())(action.lower()) for entry in entries)


@finding(statements(Kind.TRUST))
def role_trust_policy_unsupported_wildcard_in_principal(statement: Statement) -> Iterator[Found]:
    for member in statement.elements("Principal"):
        if member.value.text == "*":
            yield member.value.found("the principal of a role trust policy is *", str(statement.number))


@finding(statements(Kind.TRUST))
def redundant_principal_in_role_trust_policy(statement: Statement) -> Iterator[Found]:
    named = {principal.shown for type, principal in statement.principals if type == "AWS"}
    for _, principal in statement.principals:
        match = re.fullmatch("arn:([^:]+):sts::([0-9]{12}):assumed-role/([^/]+)/.*", principal.shown)
        roles = [one for one in named if match and re.fullmatch(_role(*match.groups()), one)]
        if roles:
            yield principal.found(f"{principal.text} is a session of {roles[0]}")


def _role(partition: str, account: str, name: str) -> str:
    """An expression for the ARN of a role of any path."""
    return f"arn:{re.escape(partition)}:iam::{account}:role/(.*/)?{re.escape(name)}"
