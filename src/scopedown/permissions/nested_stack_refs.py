"""Resources of a function's own stack as that stack's template names them.

In a project of several stacks a logical id begins with its stack's (``Storage/Table``); in the policy of a function of
that stack it is ``Table``. A resource of another stack keeps its whole id: the template has to be given it, by a
parameter or an import.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scopedown.core.text import Att, Part, Ref
from scopedown.permissions.model import RequiredPermission
from scopedown.project.model import Function, Project


def seen_from(function: Function, permission: RequiredPermission) -> RequiredPermission:
    """A permission with the ids that the function's own template has."""
    stack, slash, _ = function.logical_id.rpartition("/")
    if not slash:
        return permission
    prefix = f"{stack}/"

    def own(part: Part) -> Part:
        match part:
            case Ref(id) if id.startswith(prefix):
                return Ref(id[len(prefix) :])
            case Att(id, name) if id.startswith(prefix):
                return Att(id[len(prefix) :], name)
            case _:
                return part

    return _replaced(permission, own)


def whole(function: Function, permission: RequiredPermission, project: Project) -> RequiredPermission:
    """A permission with the ids that the project has, as its roles' statements are read: the inverse."""
    stack, slash, _ = function.logical_id.rpartition("/")
    if not slash:
        return permission
    known = project.deployed

    def full(part: Part) -> Part:
        match part:
            case Ref(id) if f"{stack}/{id}" in known:
                return Ref(f"{stack}/{id}")
            case Att(id, name) if f"{stack}/{id}" in known:
                return Att(f"{stack}/{id}", name)
            case _:
                return part

    return _replaced(permission, full)


def _replaced(permission: RequiredPermission, how: Callable[[Part], Part]) -> RequiredPermission:
    return replace(
        permission,
        resources=tuple(replace(resource, arn=resource.arn.replace(how)) for resource in permission.resources),
    )
