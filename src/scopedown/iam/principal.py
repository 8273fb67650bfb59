"""Whether a statement's Principal or NotPrincipal means the caller, and in which form it names it.

Rules 10 to 12 and 16 to 20. The form matters: it decides which implicit denies still bind the caller.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import IntEnum

from scopedown.iam.document import Policy, Principal, Statement
from scopedown.iam.request import Caller, CallerKind, Request


class Form(IntEnum):
    """How a statement names the caller, from the form that gives least to the one that gives most."""

    NONE = 0
    """Not at all."""
    ACCOUNT = 1
    """Its account: the account then decides with identity policies (rule 11)."""
    LIMITED = 2
    """The role behind a session, or the user behind a federated session: boundary and session policy still limit."""
    DIRECT = 3
    """Itself, or everyone: inside the account no implicit deny elsewhere matters."""


def named_form(principal: Principal, request: Request) -> Form:
    """How a Principal element names the caller."""
    caller = request.caller
    if principal.everyone:
        return Form.DIRECT
    best = Form.NONE
    for kind, values in principal.entries:
        for value in values:
            form = _entry_form(kind, value, caller, request)
            if form > best:
                best = form
    return best


def _entry_form(kind: str, value: str, caller: Caller, request: Request) -> Form:
    if kind == "AWS":
        return _aws_form(value, caller, request)
    if kind == "Service":
        return Form.DIRECT if caller.kind is CallerKind.SERVICE and value == caller.arn else Form.NONE
    if kind == "Federated":
        return _federated_form(value, caller)
    # A canonical user id stands for the account (S3 user guide, "Specifying principals").
    known = caller.canonical_id is not None and value == caller.canonical_id
    return (Form.DIRECT if caller.kind is CallerKind.ROOT else Form.ACCOUNT) if known else Form.NONE


def _aws_form(value: str, caller: Caller, request: Request) -> Form:
    """``"AWS": value``; compared exactly: no partial wildcards, case-sensitive (rule 20)."""
    if value == "*":
        # Rule 10, contested for a boundary or session policy without an aws:PrincipalArn condition: AWS's page prints
        # only the case with it. "*" means each principal itself, the session too, so nothing implicit limits it.
        return Form.DIRECT
    if caller.account is None:
        return Form.NONE
    if value == caller.arn or (caller.unique_id is not None and value == caller.unique_id):
        limited = caller.kind is CallerKind.ROLE or (caller.kind is CallerKind.ROLE_SESSION and value != caller.arn)
        return Form.LIMITED if limited else Form.DIRECT
    if value == caller.account or value == _root_arn(caller):
        return Form.DIRECT if caller.kind is CallerKind.ROOT else Form.ACCOUNT
    if caller.kind is CallerKind.ROLE_SESSION and value == request.role_arn:
        return Form.LIMITED
    if caller.kind is CallerKind.FEDERATED_USER and value == _user_behind(caller):
        return Form.LIMITED
    return Form.NONE


def _federated_form(value: str, caller: Caller) -> Form:
    """``"Federated": value``; ``*`` is any provider.

    Contested: AWS's page on Principal does not say what ``*`` means there. Access Analyzer takes it for any provider
    (aws-samples/iam-access-analyzer-custom-policy-check-samples, allowlist-federated-access-oidc.md and -saml.md), and
    whoever reads it as nobody calls a policy closed that may be open.
    """
    if caller.provider is None or value not in (caller.provider, "*"):
        return Form.NONE
    return Form.DIRECT if caller.kind is CallerKind.PROVIDER else Form.LIMITED


def _partition(caller: Caller) -> str:
    return caller.arn.split(":", 2)[1]


def _root_arn(caller: Caller) -> str:
    return f"arn:{_partition(caller)}:iam::{caller.account}:root"


def _user_behind(caller: Caller) -> str:
    """The IAM user of a federated session's name (rule 10 reads the names as the same)."""
    return f"arn:{_partition(caller)}:iam::{caller.account}:user/{caller.arn.rsplit('/', 1)[-1]}"


def excluded(principal: Principal, request: Request) -> bool:
    """Whether the list of a NotPrincipal with Deny spares the caller (rule 17).

    Only where every identity of the caller is listed: its account, for a session its role, and itself.
    """
    if principal.everyone:
        return True
    listed = {(kind, value) for kind, values in principal.entries for value in values}
    if ("AWS", "*") in listed:
        return True
    found = [any(form in listed for form in forms) for forms in _identities(request)]
    return bool(found) and all(found)


def _identities(request: Request) -> list[tuple[tuple[str, str], ...]]:
    """Each identity of the caller, in every way that a list may write it."""
    caller = request.caller
    if caller.kind is CallerKind.SERVICE:
        return [(("Service", caller.arn),)]
    if caller.kind is CallerKind.PROVIDER:
        return [(("Federated", caller.arn),)]
    if caller.account is None:
        return []
    account = [("AWS", caller.account), ("AWS", _root_arn(caller))]
    if caller.canonical_id:
        account.append(("CanonicalUser", caller.canonical_id))
    out: list[tuple[tuple[str, str], ...]] = [tuple(account)]
    if caller.kind is CallerKind.ROOT:
        return out
    if caller.kind is CallerKind.ROLE_SESSION and request.role_arn:
        role = [("AWS", request.role_arn)]
        if caller.unique_id:
            role.append(("AWS", caller.unique_id))
        out.append(tuple(role))
        out.append((("AWS", caller.arn),))
        return out
    own = [("AWS", caller.arn)]
    if caller.unique_id:
        own.append(("AWS", caller.unique_id))
    out.append(tuple(own))
    return out


def statement_form(statement: Statement, request: Request, *, has_boundary: bool) -> Form:
    """How a statement of a policy with principals names the caller; :data:`Form.NONE` where it does not apply to it."""
    if statement.principal is not None:
        return named_form(statement.principal, request)
    if statement.not_principal is not None:
        if statement.effect == "Deny":
            # Rule 17: a caller with a permissions boundary is always denied, listed or not.
            spared = not has_boundary and excluded(statement.not_principal, request)
        else:
            # The complement of Principal: whoever such a list would name in any way is left out.
            spared = named_form(statement.not_principal, request) is not Form.NONE
        return Form.NONE if spared else Form.DIRECT
    return Form.DIRECT


def stored(policy: Policy, unique_ids: Mapping[str, str]) -> Policy:
    """The policy as AWS keeps it: ARNs of users and roles replaced by their unique ids (rule 19).

    A user or role that is deleted and made anew has another id, so that the stored policy no longer means it.
    """

    def change(principal: Principal | None) -> Principal | None:
        if principal is None:
            return None
        entries = tuple(
            (kind, tuple(unique_ids.get(value, value) if kind == "AWS" else value for value in values))
            for kind, values in principal.entries
        )
        return replace(principal, entries=entries)

    statements = tuple(
        replace(statement, principal=change(statement.principal), not_principal=change(statement.not_principal))
        for statement in policy.statements
    )
    return replace(policy, statements=statements)
