"""Principals and accounts as AWS keeps them, and the policy set that follows for one request.

Users with groups, inline and managed policies with versions, permissions boundaries, and the tree of an organisation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scopedown.core.arn import account_of
from scopedown.iam.document import Policy
from scopedown.iam.errors import RequestError
from scopedown.iam.policyset import Level, PolicySet


@dataclass(frozen=True, slots=True)
class ManagedPolicy:
    """A managed policy: its versions by id (``v1``), of which the default one is in force."""

    arn: str
    versions: Mapping[str, Policy]
    default: str = "v1"

    @property
    def policy(self) -> Policy:
        """The version in force."""
        if self.default not in self.versions:
            raise RequestError(f"{self.arn} has no version {self.default}")
        return self.versions[self.default]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of users."""

    name: str
    inline: tuple[Policy, ...] = ()
    managed: tuple[ManagedPolicy, ...] = ()


@dataclass(frozen=True, slots=True)
class Principal:
    """A user or a role with what is attached to it; roles have no groups."""

    arn: str
    inline: tuple[Policy, ...] = ()
    managed: tuple[ManagedPolicy, ...] = ()
    groups: tuple[Group, ...] = ()
    boundary: ManagedPolicy | None = None

    def identity_policies(self) -> tuple[Policy, ...]:
        """Its own policies and those of its groups."""
        own: list[Policy] = []
        holders: tuple[Principal | Group, ...] = (self, *self.groups)
        for holder in holders:
            own += holder.inline
            own += (managed.policy for managed in holder.managed)
        return tuple(own)


@dataclass(frozen=True, slots=True)
class Unit:
    """The root, an OU or an account of an organisation, with the policies attached there and what lies below."""

    id: str
    scp: Level = ()
    rcp: Level = ()
    below: tuple[Unit, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Organization:
    """An organisation: its tree from the root, and its management account."""

    root: Unit
    management_account: str | None = None

    def path(self, account: str) -> tuple[Unit, ...]:
        """The units from the root down to an account; empty where the account is not in the tree."""
        return next(_paths(self.root, account), ())

    def scp_levels(self, account: str) -> tuple[Level, ...]:
        """The SCPs above an account, from the root down."""
        return tuple(unit.scp for unit in self.path(account))

    def rcp_levels(self, account: str) -> tuple[Level, ...]:
        """The RCPs above an account, from the root down."""
        return tuple(unit.rcp for unit in self.path(account))


def _paths(unit: Unit, account: str) -> Iterator[tuple[Unit, ...]]:
    if unit.id == account:
        yield (unit,)
    for child in unit.below:
        for path in _paths(child, account):
            yield (unit, *path)


def policies_for(
    principal: Principal,
    *,
    session: tuple[Policy, ...] | None = None,
    resource: Policy | None = None,
    vpce: Policy | None = None,
    organization: Organization | None = None,
    resource_organization: Organization | None = None,
    resource_account: str | None = None,
) -> PolicySet:
    """The policy set of a principal: what is attached to it, and what stands above its account and the resource's."""
    account = account_of(principal.arn) or ""
    owner = resource_account or account
    above = resource_organization or organization
    return PolicySet(
        identity=principal.identity_policies(),
        boundary=(principal.boundary.policy,) if principal.boundary else (),
        session=session,
        resource=resource,
        scp=organization.scp_levels(account) if organization else (),
        rcp=above.rcp_levels(owner) if above else (),
        vpce=vpce,
        management_account=organization.management_account if organization else None,
    )
