"""Everything that has a say in one request: the policies, by the layer they belong to.

Source of which layers reach a request (rules 8, 9 and 17):
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Literal

from scopedown.iam.document import Policy
from scopedown.iam.request import IN_ACCOUNT, CallerKind, Request
from scopedown.iam.services import RCP_SERVICES

Value = Literal["allowed", "explicitDeny", "implicitDeny"]
"""What policies come to for a request."""


class Layer(IntEnum):
    """The kinds of policy in the order in which AWS asks them (rule 3)."""

    RCP = 0
    SCP = 1
    VPCE = 2
    RESOURCE = 3
    IDENTITY = 4
    BOUNDARY = 5
    SESSION = 6

    @property
    def words(self) -> str:
        """AWS's words for the layer's policies."""
        return _WORDS[self]


_WORDS = {
    Layer.RCP: "resource control",
    Layer.SCP: "service control",
    Layer.VPCE: "VPC endpoint",
    Layer.RESOURCE: "resource-based",
    Layer.IDENTITY: "identity-based",
    Layer.BOUNDARY: "permissions boundary",
    Layer.SESSION: "session",
}

Level = tuple[Policy, ...]
"""The policies attached at one level of an organisation: its root, an OU, or the account."""


@dataclass(frozen=True, slots=True)
class PolicySet:
    """The policies that apply to a caller and a resource.

    ``identity``: the caller's own and its groups'. ``boundary``: its permissions boundary; empty where it has none.
    ``session``: the session policies, or None where none was passed (an empty tuple allows nothing). ``resource``: the
    resource's policy; for sts:AssumeRole… the role's trust policy, for KMS the key policy. ``scp``: the levels above
    the caller's account from the root down; ``rcp``: those above the resource's account; no levels means no
    organisation. ``vpce``: the VPC endpoint's policy, None where the request passes none. ``management_account`` is
    bound by neither SCPs nor RCPs. ``rcp_services``: the action prefixes that RCPs reach.
    """

    identity: tuple[Policy, ...] = ()
    boundary: tuple[Policy, ...] = ()
    session: tuple[Policy, ...] | None = None
    resource: Policy | None = None
    scp: tuple[Level, ...] = ()
    rcp: tuple[Level, ...] = ()
    vpce: Policy | None = None
    management_account: str | None = None
    rcp_services: frozenset[str] = field(default=RCP_SERVICES, repr=False)
    ready: list[object] = field(default_factory=list, init=False, repr=False, compare=False)
    """The compiled form, kept by :func:`scopedown.iam.evaluate` once it is made."""

    def with_identity(self, *policies: Policy) -> PolicySet:
        """The same with further identity policies."""
        return replace(self, identity=(*self.identity, *policies))

    def layers(self) -> Iterator[tuple[Layer, int, Policy]]:
        """Every policy with its layer and its level (0 where a layer has none), in the order of asking."""
        for number, level in enumerate(self.rcp):
            yield from ((Layer.RCP, number, policy) for policy in level)
        for number, level in enumerate(self.scp):
            yield from ((Layer.SCP, number, policy) for policy in level)
        if self.vpce is not None:
            yield Layer.VPCE, 0, self.vpce
        if self.resource is not None:
            yield Layer.RESOURCE, 0, self.resource
        yield from ((Layer.IDENTITY, 0, policy) for policy in self.identity)
        yield from ((Layer.BOUNDARY, 0, policy) for policy in self.boundary)
        yield from ((Layer.SESSION, 0, policy) for policy in self.session or ())


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
