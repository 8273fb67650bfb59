"""How AWS decides: the whole decision, from the statements that match to allowed or denied.

:func:`settle` is the decision and nothing else. It is given a way to ask whether a statement's resource and conditions
match, so that the plain evaluation, the explanation and the three-valued one share it.
Rules 1 to 19. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from scopedown.iam.decision import Decision
from scopedown.iam.index import Candidates, Index
from scopedown.iam.policyset import Layer, PolicySet, Value, binding_layers
from scopedown.iam.principal import Form, statement_form
from scopedown.iam.request import IN_ACCOUNT, CallerKind, Request
from scopedown.iam.rule import Rule
from scopedown.iam.services import resource_policy_decides

_IDENTITY = Layer.IDENTITY  # looked up once, not once per decision


class Outcome(NamedTuple):
    """A decision before it is wrapped: ``layer`` is the one that blocked, None where allowed.

    ``rule`` is the statement that decided: the deny, or the allow that sufficed; None for an implicit deny.
    """

    value: Value
    layer: Layer | None
    rule: Rule | None
    level: int = 0


def settle(request: Request, policies: PolicySet, found: Candidates, match: Callable[[Rule], bool]) -> Outcome:
    """Decide a request.

    ``found`` are the statements that fit its action; ``match`` tells of one whether resource and conditions match too.
    """
    if request.lower_action == "sts:getcalleridentity":  # rule 15: needs no permission, and no deny stops it
        return Outcome("allowed", None, None)

    binds = binding_layers(request, policies)
    has_boundary = bool(policies.boundary) and Layer.BOUNDARY in binds

    def named(rule: Rule) -> Form:
        if not rule.has_principal:
            return Form.DIRECT
        return statement_form(rule.statement, request, has_boundary=has_boundary)

    def first(rules: Iterable[Rule]) -> Rule | None:
        return next((rule for rule in rules if named(rule) and match(rule)), None)

    # Rule 2: one matching deny, in any policy that applies, ends it.
    deny = first(rule for rule in found.deny.of(request.resource) if rule.place.layer in binds)
    if deny is not None:
        return Outcome("explicitDeny", deny.place.layer, deny, deny.place.level)

    # Rule 9: RCPFullAWSAccess is attached everywhere and cannot be detached, so an RCP never denies implicitly.
    # Rule 8: every level of SCPs must allow.
    if Layer.SCP in binds:
        for level in range(len(policies.scp)):
            group = found.level_allow.get((Layer.SCP, level))
            if group is None or first(group.of(request.resource)) is None:
                return Outcome("implicitDeny", Layer.SCP, None, level)

    # Rule 14: an endpoint's policy is a gate of its own.
    if policies.vpce is not None and first(found.allow[Layer.VPCE].of(request.resource)) is None:
        return Outcome("implicitDeny", Layer.VPCE, None)

    return _grants(request, policies, found, binds, match, named, first)


def _grants(
    request: Request,
    policies: PolicySet,
    found: Candidates,
    binds: frozenset[Layer],
    match: Callable[[Rule], bool],
    named: Callable[[Rule], Form],
    first: Callable[[Iterable[Rule]], Rule | None],
) -> Outcome:
    """What the resource's side and the caller's side give, and how they combine."""
    form, by_resource = Form.NONE, None
    for rule in found.allow[Layer.RESOURCE].of(request.resource):
        stronger = named(rule)
        if stronger > form and match(rule):
            form, by_resource = stronger, rule
            if form is Form.DIRECT:
                break

    # Rules 16 and 18: without an account there is no identity side; only the resource's policy can allow.
    if request.caller.kind not in IN_ACCOUNT:
        if form is Form.NONE:
            return Outcome("implicitDeny", Layer.RESOURCE, None)
        return Outcome("allowed", None, by_resource)

    same_account = request.owner == request.caller.account
    if same_account and form is Form.DIRECT:  # rules 4, 10 and 12
        return Outcome("allowed", None, by_resource)
    # Rule 5: across accounts both sides must allow. Rule 4: so must the policies of roles and keys in any case.
    both = not same_account or resource_policy_decides(request.lower_action, request.resource)
    if both and form is Form.NONE:
        return Outcome("implicitDeny", Layer.RESOURCE, None)
    # Rule 10: inside the account, a policy that names the role, or the user behind a federated session, is a grant
    # in place of the identity policies'.
    by_identity: Rule | None = None
    if not (same_account and form is Form.LIMITED):
        by_identity = first(found.allow[Layer.IDENTITY].of(request.resource))
        if by_identity is None and request.caller.kind is not CallerKind.ROOT:  # rule 1: root needs no grant
            return Outcome("implicitDeny", Layer.IDENTITY, None)
    if (
        policies.boundary
        and Layer.BOUNDARY in binds
        and first(found.allow[Layer.BOUNDARY].of(request.resource)) is None
    ):  # rule 6
        return Outcome("implicitDeny", Layer.BOUNDARY, None)
    if _session_needed(request, policies) and first(found.allow[Layer.SESSION].of(request.resource)) is None:  # rule 7
        return Outcome("implicitDeny", Layer.SESSION, None)
    return Outcome("allowed", None, by_identity or by_resource)


def _session_needed(request: Request, policies: PolicySet) -> bool:
    """Rule 13: a federated session has no permissions but those its session policies let through."""
    return policies.session is not None or request.caller.kind is CallerKind.FEDERATED_USER


class Compiled:
    """A policy set made ready for many requests. Safe to share between threads: what it keeps is only ever added to."""

    def __init__(self, policies: PolicySet) -> None:
        self.policies = policies
        self.index = Index(policies)
        others = (policies.boundary, policies.session is not None, policies.resource, policies.scp, policies.rcp)
        self._identity_only = not any(others) and policies.vpce is None

    def evaluate(self, request: Request) -> Decision:
        """Decide one request."""
        found = self.index.find(request.lower_action)
        if self._identity_only and request.simple:
            # The common case, without what :func:`settle` would find absent: no other layer, and a caller in the
            # resource's account whose identity policies alone decide.
            resource, keys = request.resource, request.keys
            for rule in found.own.of(resource):
                if rule.applies(resource, keys):
                    if rule.allow:
                        return Decision(self, request, "allowed", None, rule)
                    return Decision(self, request, "explicitDeny", _IDENTITY, rule)
            return Decision(self, request, "implicitDeny", _IDENTITY, None)
        outcome = settle(request, self.policies, found, lambda rule: rule.applies(request.resource, request.keys))
        return Decision(self, request, *outcome)

    def batch(self, requests: Sequence[Request]) -> list[Decision]:
        """Decide many requests, in order."""
        evaluate = self.evaluate
        return [evaluate(request) for request in requests]


def compile(policies: PolicySet) -> Compiled:
    """Make a policy set ready for many requests."""
    return Compiled(policies)


def compiled(policies: PolicySet) -> Compiled:
    """A policy set's compiled form, which it keeps."""
    if not policies.ready:
        policies.ready.append(Compiled(policies))
    kept = policies.ready[0]
    assert isinstance(kept, Compiled)
    return kept


def evaluate(request: Request, policies: PolicySet) -> Decision:
    """Decide one request under a policy set, which keeps its compiled form for the next one."""
    return compiled(policies).evaluate(request)
