"""What a role may hold in a deployment with other parameters: the branches that the parameters' defaults do not choose.

In: the roles as the defaults have them, and the template's resources as written. Out: the same roles, each with the
role that it may be otherwise (``Role.otherwise``): nothing is called denied that a value of a parameter grants.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from scopedown.core.text import Att, Ref
from scopedown.documents.nodes import MapNode
from scopedown.project.cloudformation.choose import Budget, Chooser
from scopedown.project.cloudformation.stack import FUNCTION
from scopedown.project.intrinsics import Scope, condition, to_text
from scopedown.project.model import DeclaredResource, Role, Tree
from scopedown.project.roles import ATTACHED, role_of, with_attached

_ROLE: Final = "AWS::IAM::Role"


def undecided(parameters: Mapping[str, Tree], given: Iterable[str]) -> dict[str, Tree]:
    """The parameters without the defaults of those that nobody gave a value for.

    >>> undecided({"Stage": {"Type": "String", "Default": "dev"}}, ())
    {'Stage': {'Type': 'String'}}
    """
    return {
        name: {key: value for key, value in one.items() if key != "Default"}
        if isinstance(one, Mapping) and name not in given
        else one
        for name, one in parameters.items()
    }


def with_branches(
    roles: Mapping[str, Role],
    resources: Mapping[str, DeclaredResource],
    written: MapNode,
    chooser: Chooser,
    given: Iterable[str],
) -> dict[str, Role]:
    """The roles, each with what it may be otherwise; ``chooser`` decided what they are."""
    scope = chooser.scope
    if not scope.conditions:
        return dict(roles)
    left = Scope(
        undecided(scope.parameters, given), scope.mappings, scope.conditions, scope.region, scope.account, defaults=True
    )
    open_ = replace(chooser, scope=left, budget=Budget(chooser.budget.place))
    listed = {id: one for id, resource in written.items() if (one := _resource(id, resource, resources, open_))}
    others = {
        id: role_of(id, one.properties, role.place)
        for id, role in roles.items()
        if (one := listed.get(id)) is not None and one.type == _ROLE
    }
    others = with_attached(others, {**resources, **listed}, scope)
    for id in _not_assumed(written, open_):
        if id in roles:  # the function has a role of which nothing is known
            others[id] = replace(others.get(id, roles[id]), declared=False)
    return {id: _with(role, others.get(id)) for id, role in roles.items()}


def _not_assumed(written: MapNode, chooser: Chooser) -> Iterator[str]:
    """The roles that a function has only where a condition on parameters holds."""
    for resource in written.values():
        if isinstance(resource, Mapping) and resource.get("Type") == FUNCTION:
            properties = resource.get("Properties")
            role = properties.get("Role") if isinstance(properties, Mapping) else None
            if isinstance(role, Mapping) and "Fn::If" in (chosen := chooser.chosen(role)):
                branches = chosen["Fn::If"]
                texts = [to_text(branch, chooser.scope) for branch in branches] if isinstance(branches, list) else []
                yield from (part.id for text in texts for part in text.parts if isinstance(part, Ref | Att))


def _resource(
    id: str, resource: Any, decided: Mapping[str, DeclaredResource], chooser: Chooser
) -> DeclaredResource | None:
    """A role, or a policy that attaches itself, with what is not decided of it left open."""
    kind = resource.get("Type") if isinstance(resource, Mapping) else None
    if kind not in (_ROLE, *ATTACHED):
        return None
    named = resource.get("Condition")
    if isinstance(named, str) and condition(named, chooser.scope) is False:
        return None
    properties = resource.get("Properties")
    chosen = chooser.chosen(properties) if isinstance(properties, MapNode) else None
    if not isinstance(chosen, Mapping) or not isinstance(resource, MapNode):
        return decided.get(id)
    return DeclaredResource(id, kind, chosen, resource.place, {})


def _with(role: Role, other: Role | None) -> Role:
    if other is None or _held(other) == _held(role):
        return role
    return replace(role, otherwise=other)


def _held(role: Role) -> tuple[object, ...]:
    return role.statements, role.managed_policies, role.declared
