"""What resources give by other means than policies that are compared: attachments, ACLs, shares, roles that run
them.

In: a project, and the policies of its resources that are read. Out: subjects that allow nothing themselves and
name, in ``unknown`` and ``may_deny``, what is new or gone and not decided; and for each resource that runs with a
role of the project, the subject of that role.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from scopedown.compare.access.model import Subject
from scopedown.compare.access.rendered import Rendered
from scopedown.compare.arn_normalization import Comparable
from scopedown.iam.document import Kind
from scopedown.project.grants import GrantRow, grant_rows, leaves
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import DeclaredResource, Project
from scopedown.project.roles import referenced

_NO_ACCESS: Final = ("name", "description", "tags", "tags_all", "region", "id")
"""Keys, in lower case, that say nothing of access."""
_POLICY: Final = re.compile(r"AWS::IAM::\w*Policy|aws_iam_\w*policy")
"""Types of policies that are compared and name whom they are attached to."""
_ATTACHED_TO_ROLES: Final = re.compile(
    r"AWS::IAM::(Policy|ManagedPolicy|RolePolicy)|aws_iam_(role_)?policy(_attachment)?"
)
"""Types that attach themselves to roles: of a role of the project, its statements are compared."""
_ROLES: Final = ("Roles", "RoleName", "role", "roles")
_COMPILED: Final = (
    "AWS::Serverless::Function",
    "AWS::Serverless::StateMachine",
    "AWS::Serverless::Api",
    "AWS::IAM::Role",
)
"""Types whose policies become those of resources that are compared, or are compared as roles."""
_OF_OTHERS: Final = re.compile(r"(?i)(polic(y|ies)|permissions?|access_block|attachment|vpc_?endpoint)$")
"""Types of what another resource has."""
_INDEX: Final = re.compile(r"\[\d+\]|\.?Fn::If")


@dataclass(slots=True)
class _Given:
    """What one resource gives."""

    access: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)
    roles: list[tuple[str, Any]] = field(default_factory=list)


class Giving:
    """The resources of a project, as to what they give."""

    def __init__(self, project: Project, comparable: Comparable, roles: Sequence[Subject]) -> None:
        self.project = project
        self.comparable = comparable
        self.scope = Scope.of(project)
        self.by_role = {key.removeprefix("id:"): one for one in roles for key in one.keys[:1] if key.startswith("id:")}
        names = ((one.properties.get("RoleName"), id) for id, one in project.roles.items() if one.declared)
        self.by_name = {
            text: id for name, id in names if name is not None and (text := to_text(name, self.scope).literal)
        }

    def subjects(self, resource: DeclaredResource, read: Sequence[str]) -> Iterator[Subject]:
        """The subjects of a resource; ``read`` are the ways to its policies that are compared."""
        rendered = Rendered(self.comparable)
        found = self._given(resource, {_INDEX.sub("", one) for one in read}, rendered)
        if found.access or found.limits:
            yield Subject(
                f"{resource.logical_id}, access by other means", Kind.IDENTITY, ((),), resource.place,
                (f"given:{resource.type}|{resource.logical_id}",), rendered.shown, tuple(found.access),
                tuple(found.limits),
                outlived=True, given="attached" if _POLICY.fullmatch(resource.type) else "given",
            )  # fmt: skip
        if found.unread:
            yield Subject(
                f"{resource.logical_id}, policies that are not read", Kind.RESOURCE, ((),), resource.place,
                (f"unread:{resource.type}:{resource.logical_id}",), rendered.shown,
                tuple(found.unread), tuple(found.unread), outlived=True, given="unread",
            )  # fmt: skip
        paths = [path for path, _ in found.roles]
        for path, value in found.roles:
            yield self._user(resource, path, value, paths.count(path) == 1, rendered)

    def _given(self, resource: DeclaredResource, read: set[str], rendered: Rendered) -> _Given:
        found = _Given()
        for row in grant_rows().get(resource.type, ()):
            if row.holds == "role":
                found.roles += [(path, one) for at, tree in row.values(resource.properties)
                                for path, one, _ in leaves(tree, at) if _names_a_role(one)]  # fmt: skip
            elif row.holds == "policy":
                if resource.type not in _COMPILED:
                    found.unread += self._unread(resource, row, read, rendered)
            else:
                facts = self._facts(resource, row, rendered)
                (found.access if row.holds == "access" else found.limits).extend(facts)
        return found

    def _unread(self, resource: DeclaredResource, row: GrantRow, read: set[str], rendered: Rendered) -> Iterator[str]:
        """The policies of a property that are not compared."""
        for path, value in row.values(resource.properties):
            if not any(one.startswith(path) or path.startswith(one) for one in read if one) and not _is_empty(value):
                yield f"the policy in {path} is not read: {rendered.written(value)}"

    def _facts(self, resource: DeclaredResource, row: GrantRow, rendered: Rendered) -> Iterator[str]:
        """What a property gives: each value of a list with all that is no list."""
        single: list[str] = []
        listed: list[str] = []
        of_roles = False
        for at, tree in row.values(resource.properties):
            for path, value, in_list in leaves(tree, at):
                last = path.rpartition(".")[2]
                if last.lower() in _NO_ACCESS or _gives_nothing(value, row):
                    continue
                if last in _ROLES and _ATTACHED_TO_ROLES.fullmatch(resource.type) and self.role(value) is not None:
                    of_roles = True
                    continue
                text = f"{path} {rendered.written(value)}"
                (listed if in_list else single).append(text)
        kind = "gives access that is not compared" if row.holds == "access" else "has a limit that is not compared"
        head = ", ".join(sorted(single))
        if listed:
            for one in listed:
                yield f"{resource.type} {kind}: {f'{head}, ' if head else ''}{one}"
        elif head and not of_roles:
            yield f"{resource.type} {kind}: {head}"

    def role(self, value: Any) -> str | None:
        """The role of the project that a value names."""
        text = to_text(value, self.scope)
        found = referenced(value, self.scope, self.project.roles)
        if found is None and (literal := text.literal) is not None:
            found = self.by_name.get(literal)
        return found if found in self.by_role else None

    def _user(self, resource: DeclaredResource, path: str, value: Any, alone: bool, rendered: Rendered) -> Subject:
        """A resource that runs with a role, as that role."""
        role = self.role(value)
        named = role if role is not None else rendered.written(value)
        key = f"uses:{resource.type}:{resource.logical_id}:{path}" + ("" if alone else f":{named}")
        uses = f"{resource.type} uses the role {named}"
        name = f"{resource.logical_id} with the role {named}"
        if role is None:
            unknown = (f"what the role {named} allows is not known",)
            return Subject(name, Kind.IDENTITY, ((),), resource.place, (key,), rendered.shown, unknown, uses=(uses, ""))
        base = self.by_role[role]
        return replace(base, name=name, place=resource.place, keys=(key,), uses=(uses, role))


def _names_a_role(value: Any) -> bool:
    return not isinstance(value, bool | int | float) and value != ""


def _gives_nothing(value: Any, row: GrantRow) -> bool:
    if value is False or value == "":
        return True
    return isinstance(value, str) and value.lower() in ("false", row.nothing.lower())


def _is_empty(value: Any) -> bool:
    return value in ("", [], {}) or (isinstance(value, Mapping) and value.get("Statement") == [])


def targets_of(resource: DeclaredResource, project: Project, read: Sequence[str]) -> tuple[str, ...]:
    """The resources of the project that a resource's policies are about; empty where they may be others, or outlive the
    project's template."""
    limits_others = any(row.holds == "limit" and not row.keys for row in grant_rows().get(resource.type, ()))
    if not limits_others and not _OF_OTHERS.search(resource.type):
        found = [resource.logical_id]
    else:
        scope = Scope.of(project)
        tops = {one.partition(".")[0].partition("[")[0] for one in read}
        found = [
            id
            for key, tree in resource.properties.items()
            if key not in tops
            for _, value, _ in leaves(tree)
            if isinstance(value, Mapping) or not isinstance(value, str | bool | int | float)
            if (id := referenced(value, scope, project.deployed)) is not None
        ]
    kept = {one.attributes.get("DeletionPolicy", "Delete") for id in found if (one := project.resource(id)) is not None}
    return tuple(found) if kept <= {"Delete"} else ()
