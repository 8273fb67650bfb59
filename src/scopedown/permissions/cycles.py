"""Which declared resources depend on the project's functions.

A role's policy that refers to such a resource would close a circle, and CloudFormation would refuse the stack: the
resource needs the function, the function its role, the role the resource. Where only a name led to the resource, the
name is kept (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-dependency-error).

In a project of several stacks a logical id begins with its stack's (``Storage/Table``); in the policy of a function of
that stack it is ``Table``. A resource of another stack keeps its whole id: the template has to be given it, by a
parameter or an import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from scopedown.core.text import Att, Part, Ref
from scopedown.permissions.model import RequiredPermission
from scopedown.project.model import DeclaredResource, Function, Project
from scopedown.project.references import names


def depending_on(functions: Iterable[str], resources: Mapping[str, DeclaredResource]) -> frozenset[str]:
    """The logical ids of resources that wait for one of ``functions``, themselves or through others."""
    found = set(functions)
    waiting: dict[str, list[str]] = {}
    for id, one in resources.items():
        if id not in found:  # what a function itself waits for changes nothing, and its environment may be long
            for other in _waits_on(one):
                waiting.setdefault(other, []).append(id)
    new = [*found]
    while new:
        others = [id for id in waiting.get(new.pop(), ()) if id not in found]
        found.update(others)
        new += others
    return frozenset(found & set(resources))


def depends_on(id: str, function: str, resources: Mapping[str, DeclaredResource]) -> bool:
    """Whether one resource waits for a function, itself or through others: read from the resource on."""
    found, new = {id}, [id]
    while new and function not in found:
        others = _waits_on(resources[new.pop()]) - found
        found |= others
        new += [other for other in others if other in resources]
    return function in found


def _waits_on(resource: DeclaredResource) -> frozenset[str]:
    return names(resource.properties).union(_awaited(resource))


def _awaited(resource: DeclaredResource) -> Iterator[str]:
    """What ``DependsOn`` names."""
    written = resource.attributes.get("DependsOn")
    for id in written if isinstance(written, list | tuple) else (written,):
        if isinstance(id, str):
            yield id


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
