"""The condition keys that AWS itself puts into a request, as far as caller and resource tell them.

Nothing here is added on its own: :func:`derived_context` is for whoever wants a request as AWS would fill it in.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from scopedown.core.arn import account_of
from scopedown.iam.folding import fold
from scopedown.iam.request import Caller, CallerKind, ContextInput

_TYPES = {
    CallerKind.ROOT: "Account",
    CallerKind.USER: "User",
    CallerKind.ROLE: "AssumedRole",
    CallerKind.ROLE_SESSION: "AssumedRole",
    CallerKind.FEDERATED_USER: "FederatedUser",
    CallerKind.ANONYMOUS: "Anonymous",
}


def derived_context(
    caller: Caller, resource: str, given: ContextInput, resource_account: str | None = None
) -> dict[str, object]:
    """The given context with the keys that follow from caller and resource; a given key is kept as it is."""
    out: dict[str, object] = {"aws:PrincipalIsAWSService": "true" if caller.kind is CallerKind.SERVICE else "false"}
    if caller.kind in _TYPES:
        out["aws:PrincipalType"] = _TYPES[caller.kind]
    if caller.account:
        out["aws:PrincipalAccount"] = caller.account
        out["aws:PrincipalArn"] = caller.role_arn or caller.arn
    if caller.kind is CallerKind.USER:
        out["aws:username"] = caller.arn.rsplit("/", 1)[-1]
    if caller.unique_id:
        out["aws:userid"] = caller.unique_id
    if caller.kind is CallerKind.SERVICE:
        out["aws:PrincipalServiceName"] = caller.arn
    if owner := resource_account or account_of(resource):
        out["aws:ResourceAccount"] = owner
    known = {fold(key) for key in given}
    return {key: value for key, value in out.items() if fold(key) not in known} | dict(given)
