"""What a project grants, for the rules that need no code: its roles, users, groups and policies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from scopedown.catalog.model import Catalog, ManagedPolicy
from scopedown.compare.access.limits import NO_LIMITS, Limits
from scopedown.compare.access.model import Subject as Access
from scopedown.compare.access.states import subjects_of
from scopedown.compare.arn_normalization import texts
from scopedown.core.place import Place
from scopedown.iam.document import Kind, Policy, Statement
from scopedown.project.model import Project, Role

EVERYTHING = ("*", "*:*")
"""Patterns of every action."""
_PLACE = re.compile(r"(?P<file>.+):(?P<line>\d+):(?P<column>\d+)")


@dataclass(frozen=True)
class Granted:
    """A statement that allows something, and who is allowed it."""

    subject: Access
    policy: Policy
    statement: Statement
    managed: ManagedPolicy | None
    """The policy of AWS's that says it; None where the project does."""

    @property
    def is_everywhere(self) -> bool:
        """Whether it holds on every resource."""
        return "*" in (self.statement.resource or ())

    @property
    def actions(self) -> tuple[str, ...]:
        """The patterns of actions, as they are written."""
        return self.statement.action or ()

    @property
    def is_everything(self) -> bool:
        """Whether it allows every action by its name."""
        return not {*self.actions}.isdisjoint(EVERYTHING)

    @property
    def all_but(self) -> tuple[str, ...]:
        """The actions that are left out, where it allows all others."""
        return self.statement.not_action or ()


@dataclass(frozen=True)
class ProjectAccess:
    """What a project grants, whether or not it has functions."""

    project: Project
    catalog: Catalog
    limits: Limits = NO_LIMITS
    """What the project's settings forbid."""

    @cached_property
    def subjects(self) -> tuple[Access, ...]:
        """Roles with their trust policies, users, groups, and the policies of resources."""
        return tuple(subjects_of(self.project, self.catalog))

    @cached_property
    def not_of_functions(self) -> tuple[Access, ...]:
        """The subjects that are no function's role, nor its trust policy, nor the framework's own."""
        return tuple(one for one in self.subjects if not any(map(self._is_used, one.keys)))

    @cached_property
    def without_functions(self) -> tuple[Granted, ...]:
        """What is allowed, whatever the request, to the roles that no function has, to users and groups, and by
        policies that no role of the project has."""
        return tuple(
            Granted(one, policy, statement, self._managed(policy))
            for one in self.not_of_functions
            if one.kind is Kind.IDENTITY
            for policy in (one.layers[0] if one.layers else ())
            for statement in policy.statements
            if statement.effect == "Allow" and not statement.condition
        )

    def _is_used(self, key: str) -> bool:
        """Whether a key of a subject says that a function has it, or that it is a role of the framework's own."""
        kind, _, id = key.removeprefix("trust:").partition(":")
        return kind == "function" or (kind == "id" and _is_frameworks(self.project, id))

    def _managed(self, policy: Policy) -> ManagedPolicy | None:
        return None if written_at(policy.name) else self.catalog.managed_policy(policy.name.rpartition(" ")[0])


def roles_not_compared(project: Project) -> tuple[str, ...]:
    """The roles of a project that no function has, with the services that may assume them: ``TaskRole (ecs-tasks)``."""
    used = {function.role for function in project.functions}
    return tuple(
        _with_services(role)
        for role in project.roles.values()
        if role.declared and role.id not in used and not _is_frameworks(project, role.id)
    )


def _with_services(role: Role) -> str:
    found: list[str] = []
    for statement in texts(role.trust.get("Statement")):
        principal = statement.get("Principal") if isinstance(statement, Mapping) else None
        services = texts(principal.get("Service")) if isinstance(principal, Mapping) else []
        found += [one.partition(".amazonaws.")[0] for one in services if isinstance(one, str)]
    return f"{role.id} ({', '.join(dict.fromkeys(found))})" if found else role.id


def _is_frameworks(project: Project, id: str) -> bool:
    """Whether the framework adds a role by itself."""
    return id in project.generated and id not in project.resources


def written_at(name: str) -> Place | None:
    """Where a statement of a project is written: its policy is called by the place. None for other policies."""
    written = _PLACE.fullmatch(name)
    return Place(written["file"], int(written["line"]), int(written["column"])) if written is not None else None
