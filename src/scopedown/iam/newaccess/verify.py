"""A witness is put to the evaluator: it must be allowed under the new policies and not under the old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scopedown.iam.document import Kind, Policy, Principal, Statement
from scopedown.iam.errors import RequestError
from scopedown.iam.evaluation import Compiled
from scopedown.iam.newaccess.model import Witness
from scopedown.iam.newaccess.patterns import WORD
from scopedown.iam.policyset import PolicySet
from scopedown.iam.request import Caller, Request

Layers = Sequence[Sequence[Policy]]
"""Policies that must each allow a request, layer by layer; a deny in any of them denies it. RCPs, which only deny, may
be in any layer."""

CALLER = "111122223333"
OWNER = "444455556666"
"""The resource is another account's: only then both its policy and the caller's must allow, for each action."""

_ALL = Policy(Kind.IDENTITY, (Statement("Allow", action=("*",), resource=("*",)),))
_ALL_OF_ANYBODY = Policy(
    Kind.RESOURCE, (Statement("Allow", action=("*",), resource=("*",), principal=Principal.star()),)
)


def names_principals(policy: Policy) -> bool:
    """Whether who asks matters to a policy; an RCP is for whoever asks."""
    return policy.kind.has_principal and policy.kind is not Kind.RCP


def limits_alone(kind: Kind, policies: Sequence[Policy]) -> tuple[Policy, ...]:
    """The policies of one layer that are compared without those that they limit; these allow everything then.

    RCPs only deny, beside RCPFullAWSAccess, which cannot be detached
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html). SCPs that only deny
    are attached beside others that allow.
    """
    if kind is Kind.RCP:
        return (replace(_ALL_OF_ANYBODY, name="RCPFullAWSAccess"), *policies)
    if kind is Kind.SCP and not any(one.effect == "Allow" for policy in policies for one in policy.statements):
        return (replace(_ALL, name="FullAWSAccess"), *policies)
    return tuple(policies)


class Judge:
    """The evaluator of one side: whether these policies alone allow a request.

    Policies that name principals are put on the resource's side, with a caller whose own policies allow everything;
    the others on the caller's side, with a resource whose policy does.
    """

    def __init__(self, layers: Layers, *, principals: bool) -> None:
        rcps = tuple(policy for layer in layers for policy in layer if policy.kind is Kind.RCP)
        layers = [[policy for policy in layer if policy.kind is not Kind.RCP] for layer in layers]
        rcp = (rcps,) if rcps else ()
        if principals:
            self._compiled = [
                [
                    Compiled(PolicySet(identity=(_ALL,), session=(_ALL,), resource=one, rcp=rcp))
                    for one in _joined(layer)
                ]
                for layer in layers
            ]
        else:
            first, *more = layers if layers else ((),)
            only = PolicySet(identity=tuple(first), scp=tuple(map(tuple, more)), resource=_ALL_OF_ANYBODY, rcp=rcp)
            self._compiled = [[Compiled(only)]]

    def allows(self, witness: Witness) -> bool:
        """Whether the policies allow a request."""
        caller = witness.caller or Caller.user(CALLER, WORD)
        owner = OWNER if caller.account != OWNER else CALLER
        try:
            request = Request(caller, witness.action, witness.resource, owner, witness.context)
        except RequestError:
            return False
        for layer in self._compiled:
            values = {one.evaluate(request).value for one in layer}
            if "explicitDeny" in values or "allowed" not in values:
                return False
        return True


def _joined(layer: Sequence[Policy]) -> list[Policy | None]:
    """The policies of a layer, those of one version as one: the version decides whether ``${…}`` is a variable."""
    versions: dict[str | None, list[Policy]] = {}
    for policy in layer:
        if policy.statements:
            versions.setdefault(policy.version, []).append(policy)
    kind = Kind.TRUST if layer and layer[0].kind is Kind.TRUST else Kind.RESOURCE
    return [
        Policy(kind, tuple(one for policy in policies for one in policy.statements), version)
        for version, policies in versions.items()
    ] or [None]
