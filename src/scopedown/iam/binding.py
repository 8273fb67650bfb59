"""Which layers of policies reach a request (rules 8, 9 and 17).

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from scopedown.iam.policyset import Layer, PolicySet
from scopedown.iam.request import IN_ACCOUNT, CallerKind, Request

_IDENTITY_SIDE = (Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION)


def binding_layers(request: Request, policies: PolicySet) -> frozenset[Layer]:
    """The layers whose denies reach this request."""
    caller = request.caller
    in_account = caller.kind in IN_ACCOUNT
    layers = {Layer.VPCE, Layer.RESOURCE}
    if in_account:
        layers.update(_IDENTITY_SIDE)
    if caller.kind is CallerKind.ROOT:  # the root user has no permissions boundary
        layers.discard(Layer.BOUNDARY)
    if policies.scp and in_account and not request.service_linked and caller.account != policies.management_account:
        layers.add(Layer.SCP)  # rule 8
    if policies.rcp and _rcp_binds(request, policies):
        layers.add(Layer.RCP)
    return frozenset(layers)


def _rcp_binds(request: Request, policies: PolicySet) -> bool:
    """Rule 9: whoever calls, but only some services' resources, in member accounts."""
    return (
        not request.service_linked
        and not request.aws_managed_key
        and (policies.management_account is None or request.owner != policies.management_account)
        and request.lower_action != "kms:retiregrant"
        and request.lower_action.partition(":")[0] in policies.rcp_services
    )
