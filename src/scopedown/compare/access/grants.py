"""What a policy of the other side may grant.

A role's limits meet the grants of resources' policies; the denies of a resource's policy meet those of identities.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from scopedown.iam.document import Kind, Policy, Principal, Statement
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


def as_identity(policy: Policy) -> Policy:
    """What a resource's policy allows, whoever asks, as an identity policy."""
    allows = (one for one in policy.statements if one.effect == "Allow")
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
            for one in allows
        ),
    )
