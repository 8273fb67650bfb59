"""The whole answer for one project: what the commands call, and what CloudFormation does for each resource."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scopedown.catalog.model import Catalog
from scopedown.deploy.commands import CHANGING, REMOVING, command_permissions
from scopedown.deploy.model import DeployPermission, Phase, Plan, Unresolved
from scopedown.deploy.names import Namer
from scopedown.deploy.resources import StackTags, resource_permissions
from scopedown.deploy.rows import frameworks
from scopedown.deploy.settings import settings_of
from scopedown.deploy.target import target_of, unknown_of
from scopedown.project.model import Project


@dataclass(frozen=True, slots=True)
class Split:
    """A plan in the two parts of service-role mode: who runs the commands, and CloudFormation's own role."""

    user: Plan
    role: Plan


@dataclass(slots=True)
class _Found:
    permissions: list[DeployPermission] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)

    def add(self, items: Iterable[DeployPermission | Unresolved]) -> None:
        for item in items:
            if isinstance(item, DeployPermission):
                self.permissions.append(item)
            else:
                self.unresolved.append(item)


def phases_of(commands: Sequence[str]) -> tuple[Phase, ...]:
    """What happens to resources under these commands."""
    if any(name in CHANGING for name in commands):
        return tuple(Phase)
    return (Phase.DELETE,) if any(name in REMOVING for name in commands) else ()


def plan(project: Project, catalog: Catalog, framework: str, commands: Sequence[str]) -> Plan:
    """Everything that ``commands`` of ``framework`` need for a project, in one."""
    parts = split_plan(project, catalog, framework, commands)
    together = dict.fromkeys((*parts.user.unresolved, *parts.role.unresolved))
    permissions = (*parts.user.permissions, *parts.role.permissions)
    return Plan(framework, tuple(commands), permissions, tuple(together), parts.user.read_only_facts)


def split_plan(project: Project, catalog: Catalog, framework: str, commands: Sequence[str]) -> Split:
    """The same in two: the commands' own calls, and CloudFormation's calls for the resources."""
    target = target_of(project)
    namer = Namer.of(project, target, catalog)
    row = frameworks()[framework]
    settings = settings_of(project)
    own, role = _Found(), _Found()
    own.unresolved += unknown_of(project, target)
    own.add(command_permissions(framework, commands, settings, namer))
    tags = StackTags(bool(row.tags), bool(settings["provider"].get("stackTags")))
    phases = phases_of(commands)
    if phases:
        for resource in project.deployed.values():
            role.add(resource_permissions(resource, phases, tags, namer))
    asked = tuple(commands)
    read = (row.source,) if row.source.startswith("read") else ()
    return Split(
        Plan(framework, asked, tuple(own.permissions), tuple(dict.fromkeys(own.unresolved)), read),
        Plan(framework, asked, tuple(role.permissions), tuple(dict.fromkeys(role.unresolved)), read),
    )
