"""What is missing for a request to be allowed; who can make it; what a principal can do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from scopedown.iam.decision import Decision
from scopedown.iam.document import Condition, Kind, Policy, Principal, Statement
from scopedown.iam.evaluation import Compiled
from scopedown.iam.explain import is_trust
from scopedown.iam.policyset import Layer, Level, PolicySet
from scopedown.iam.request import Caller, CallerKind, ContextInput, Request
from scopedown.iam.rule import Place


@dataclass(frozen=True, slots=True)
class Missing:
    """One change that a request needs.

    ``add``: a statement for the policies of ``layer`` (at ``level`` where it has levels). ``remove``: the deny at
    ``deny`` must no longer match. ``conditions`` are the conditions of allows that fit but for these: meeting one of
    them does as well as adding.
    """

    change: Literal["add", "remove"]
    layer: Layer
    level: int = 0
    add: Statement | None = None
    deny: Place | None = None
    conditions: tuple[tuple[Place, tuple[Condition, ...]], ...] = ()

    def __str__(self) -> str:
        if self.deny is not None:
            return f"the deny in {self.deny.label} must not match"
        level = f" at level {self.level + 1}" if self.layer is Layer.SCP else ""
        what = self.layer.words if self.layer is Layer.BOUNDARY else f"{self.layer.words} policy"
        allowed = self.add.action[0] if self.add is not None and self.add.action else "it"
        if self.add is not None and self.add.resource:
            allowed += f" on {self.add.resource[0]}"
        return f"{'an' if what[0] in 'aeiou' else 'a'} {what}{level} must allow {allowed}"


_KINDS = {
    Layer.SCP: Kind.SCP,
    Layer.VPCE: Kind.VPCE,
    Layer.IDENTITY: Kind.IDENTITY,
    Layer.BOUNDARY: Kind.BOUNDARY,
    Layer.SESSION: Kind.SESSION,
    Layer.RESOURCE: Kind.RESOURCE,
}


def missing(request: Request, policies: PolicySet) -> tuple[Missing, ...]:
    """The changes that together let a request through, in the order in which AWS would ask for them.

    Each is the smallest of its kind: one action on one resource, or one deny. Nothing where it is allowed. A single
    change may be all that keeps the next from being seen, so each is made in turn and the request decided again, as
    long as it helps: no statement allows a resource that is no ARN.
    """
    out: list[Missing] = []
    bound = sum(len(policy.statements) for _, _, policy in policies.layers()) + len(policies.scp) + len(Layer)
    for _ in range(bound):
        compiled = Compiled(policies)
        decision = compiled.evaluate(request)
        if decision.layer is None:
            break
        change = _change(decision)
        if change in out:
            break
        out.append(change)
        policies = _changed(policies, change, request)
    return tuple(out)


def _change(decision: Decision) -> Missing:
    layer = decision.layer
    assert layer is not None
    if decision.value == "explicitDeny":
        return Missing("remove", layer, decision.level, deny=decision.decided_by)
    request = decision.request
    near = tuple(
        (one.place, tuple(result.condition for result in one.conditions if not result.holds))
        for one in decision.explanation.statements
        if one.place.layer == layer
        and one.place.level == decision.level
        and one.effect == "Allow"
        and one.action
        and one.resource
        and one.principal
        and not one.conditions_hold
    )
    trust = layer is Layer.RESOURCE and is_trust(request)
    statement = Statement(
        "Allow",
        action=(request.action,),
        resource=None if trust else (request.resource,),
        principal=_principal(request) if layer in (Layer.RESOURCE, Layer.VPCE) else None,
        single=frozenset({"Action", "Resource"}),
    )
    return Missing("add", layer, decision.level, statement, conditions=near)


def _principal(request: Request) -> Principal:
    """The caller as a resource's policy would name it: a session by its role."""
    caller = request.caller
    if caller.kind is CallerKind.ANONYMOUS:
        return Principal.star()
    if caller.kind is CallerKind.SERVICE:
        return Principal.of(Service=caller.arn)
    if caller.kind is CallerKind.PROVIDER:
        return Principal.of(Federated=caller.arn)
    return Principal.of(AWS=request.role_arn or caller.arn)


def _changed(policies: PolicySet, change: Missing, request: Request) -> PolicySet:
    if change.deny is not None:
        return _without(policies, change.deny)
    assert change.add is not None
    layer = change.layer
    kind = Kind.TRUST if layer is Layer.RESOURCE and is_trust(request) else _KINDS[layer]
    added = Policy(kind, (change.add,), name="what is missing")
    match layer:
        case Layer.SCP:
            levels = list(policies.scp)
            levels[change.level] = (*levels[change.level], added)
            return replace(policies, scp=tuple(levels))
        case Layer.VPCE:
            return replace(policies, vpce=_joined(policies.vpce, added))
        case Layer.RESOURCE:
            return replace(policies, resource=_joined(policies.resource, added))
        case Layer.BOUNDARY:
            return replace(policies, boundary=(*policies.boundary, added))
        case Layer.SESSION:
            return replace(policies, session=(*(policies.session or ()), added))
        case _:
            return policies.with_identity(added)


def _joined(policy: Policy | None, added: Policy) -> Policy:
    if policy is None:
        return added
    return replace(policy, statements=(*policy.statements, *added.statements), single_statement=False)


def _without(policies: PolicySet, place: Place) -> PolicySet:
    def cut(policy: Policy) -> Policy:
        if policy is not place.policy:
            return policy
        kept = tuple(one for at, one in enumerate(policy.statements) if at != place.number)
        return replace(policy, statements=kept)

    def cut_all(level: Level) -> Level:
        return tuple(cut(policy) for policy in level)

    return replace(
        policies,
        identity=cut_all(policies.identity),
        boundary=cut_all(policies.boundary),
        session=None if policies.session is None else cut_all(policies.session),
        resource=None if policies.resource is None else cut(policies.resource),
        scp=tuple(cut_all(level) for level in policies.scp),
        rcp=tuple(cut_all(level) for level in policies.rcp),
        vpce=None if policies.vpce is None else cut(policies.vpce),
    )


def who_can(
    action: str,
    resource: str,
    principals: Iterable[tuple[Caller, PolicySet]],
    *,
    resource_account: str | None = None,
    context: ContextInput | None = None,
) -> tuple[tuple[Caller, Decision], ...]:
    """Of these principals, each with the policies that apply to it, those that can do this, with the decision."""
    out: list[tuple[Caller, Decision]] = []
    for caller, policies in principals:
        decision = Compiled(policies).evaluate(Request(caller, action, resource, resource_account, context or {}))
        if decision.allowed:
            out.append((caller, decision))
    return tuple(out)


def what_can(
    caller: Caller,
    resource: str,
    policies: PolicySet,
    actions: Iterable[str],
    *,
    resource_account: str | None = None,
    context: ContextInput | None = None,
) -> tuple[str, ...]:
    """Of these actions, those that a principal can do on a resource.

    Which actions there are is for the caller to say (``scopedown.catalog`` knows): the evaluator knows none by name.
    """
    compiled = Compiled(policies)
    return tuple(
        action
        for action in actions
        if compiled.evaluate(Request(caller, action, resource, resource_account, context or {})).allowed
    )
