"""What a policy of the other side may grant.

A role's limits meet the grants of resources' policies; the denies of a resource's policy meet those of identities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from scopedown.iam.document import Condition, Kind, Policy, Principal, Statement
from scopedown.iam.newaccess.verify import Layers, names_principals
from scopedown.iam.services import RESOURCE_POLICY_SERVICES

OF_ANY_RESOURCE = Policy(
    Kind.IDENTITY,
    (Statement("Allow", action=tuple(f"{one}:*" for one in sorted(RESOURCE_POLICY_SERVICES)), resource=("*",)),),
    name="where a resource's policy grants it",
)
"""A policy of a resource that nobody knows."""
OF_ANY_IDENTITY = Policy(
    Kind.RESOURCE,
    (Statement("Allow", action=("*",), resource=("*",), principal=Principal.star()),),
    name="where an identity policy grants it",
)
"""An identity policy that nobody knows."""


EVERYTHING = Policy(
    Kind.IDENTITY,
    (Statement("Allow", action=("*",), resource=("*",)),),
    name="where other policies grant it",
)
"""All that a limit may meet."""
MAY_GRANT = (OF_ANY_RESOURCE, OF_ANY_IDENTITY, EVERYTHING)


def denies(policies: Iterable[Policy]) -> tuple[Policy, ...]:
    """The policies without what they allow."""
    left = (
        replace(policy, statements=tuple(one for one in policy.statements if one.effect == "Deny"))
        for policy in policies
    )
    return tuple(policy for policy in left if policy.statements)


def of_anybody(policies: Iterable[Policy]) -> tuple[Policy, ...]:
    """Identity policies as a resource's policies that are about everybody."""
    everybody = Principal.star()
    return tuple(
        replace(
            policy,
            kind=Kind.RESOURCE,
            statements=tuple(replace(one, principal=everybody) for one in policy.statements),
        )
        for policy in policies
    )


def as_identity(policy: Policy, *, with_denies: bool = False) -> Policy:
    """What a resource's policy allows, whoever asks, as an identity policy; ``with_denies`` also what it denies
    everybody."""
    statements = (
        one
        for one in policy.statements
        if one.effect == "Allow" or (with_denies and one.principal is not None and _is_everybody(one.principal))
    )
    return replace(
        policy,
        kind=Kind.IDENTITY,
        statements=tuple(
            replace(
                one,
                principal=None,
                not_principal=None,
                resource=("*",) if one.not_resource is None and not one.resource else one.resource,
            )
            for one in statements
        ),
    )


def of_everybody(policy: Policy) -> Policy:
    """A policy that names principals, as one that names none where it is about everybody; else the policy."""
    if all(one.principal is not None and _is_everybody(one.principal) for one in policy.statements):
        return as_identity(policy, with_denies=True)
    return policy


def of_one_kind(before: Layers, after: Layers) -> tuple[Layers, Layers]:
    """Layers of which either all policies name principals or none does, but for RCPs."""
    policies = [policy for side in (before, after) for layer in side for policy in layer]
    if len({names_principals(policy) for policy in policies if policy.kind is not Kind.RCP}) < 2:
        return before, after
    return _naming_principals(before), _naming_principals(after)


def _naming_principals(layers: Layers) -> Layers:
    return tuple(
        tuple(one for policy in layer for one in ((policy,) if policy.kind.has_principal else of_anybody((policy,))))
        for layer in layers
    )


def granted_alone(policy: Policy) -> Policy:
    """What a resource's policy allows in its account without an identity policy: what it grants to an account is left
    to the identity policies of that account."""
    return _granting(policy, lambda value: not _is_account(value))


def granted_directly(policy: Policy) -> Policy:
    """What neither a boundary nor a session policy limits: what a policy grants to roles is, and what it grants to a
    user is for the sessions of a federated user."""
    rest = _granting(policy, lambda value: not _is_account(value) and ":role/" not in value and ":user/" not in value)
    users = _granting(policy, lambda value: ":user/" in value, others=False)
    not_federated = Condition("StringNotEquals", "aws:PrincipalType", ("FederatedUser",))
    more = (
        replace(one, condition=(*one.condition, not_federated)) for one in users.statements if one.effect == "Allow"
    )
    return replace(rest, statements=(*rest.statements, *more))


def with_boundary(policy: Policy) -> Policy:
    """A policy as it is for callers with a boundary: each of them is denied what a Deny with NotPrincipal denies.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """
    of_callers = Condition("Null", "aws:PrincipalArn", ("false",))
    more = (
        replace(one, not_principal=None, principal=Principal.star(), condition=(*one.condition, of_callers))
        for one in policy.statements
        if one.effect == "Deny" and one.not_principal is not None
    )
    return replace(policy, statements=(*policy.statements, *more))


def _granting(policy: Policy, fits: Callable[[str], bool], *, others: bool = True) -> Policy:
    """A policy whose allows name only the AWS principals that fit; ``others``: and those of other types."""
    return replace(policy, statements=tuple(_statements(policy, fits, others)))


def _statements(policy: Policy, fits: Callable[[str], bool], others: bool) -> Iterator[Statement]:
    for one in policy.statements:
        if one.effect == "Deny" or one.principal is None or _is_everybody(one.principal):
            if others:
                yield one
            continue
        entries = tuple(
            (kind, kept)
            for kind, values in one.principal.entries
            if (kept := tuple(value for value in values if (fits(value) if kind == "AWS" else others)))
        )
        if entries:
            yield replace(one, principal=replace(one.principal, entries=entries))


def _is_everybody(principal: Principal) -> bool:
    return principal.everyone or any(kind == "AWS" and "*" in values for kind, values in principal.entries)


def _is_account(value: str) -> bool:
    return value.isdigit() or value.endswith(":root")
