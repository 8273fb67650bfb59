"""What the resource-based policies of a project allow its own roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from scopedown.compare.arn_normalization import texts
from scopedown.core.same_objects import SameObjects
from scopedown.core.text import Att, Ref
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import Project, Tree

_PROPERTIES: Final = ("AssumeRolePolicyDocument", "KeyPolicy", "PolicyDocument", "Policy", "ResourcePolicy")
"""Properties that hold a resource-based policy."""
_OF_IDENTITIES: Final = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")


def resource_policies(project: Project) -> Mapping[str, tuple[str, ...]]:
    """The patterns of actions that the policies of resources allow, by the logical id of the role that they name; ``*``
    has those that they allow everybody. Worked out once for a project."""
    return _allowed(SameObjects(project))


@lru_cache(maxsize=4)
def _allowed(key: SameObjects) -> Mapping[str, tuple[str, ...]]:
    (project,) = key.objects
    assert isinstance(project, Project)
    scope = Scope.of(project)
    found: dict[str, dict[str, None]] = {}
    for statement in _statements(project):
        principal = statement.get("Principal")
        named = texts(principal.get("AWS") if isinstance(principal, Mapping) else principal)
        actions = [text for text in texts(statement.get("Action")) if isinstance(text, str)]
        if statement.get("Effect") == "Allow" and actions:
            for one in named:
                ids = [part.id for part in to_text(one, scope).parts if isinstance(part, Att | Ref)]
                for id in ["*"] if one == "*" else ids:
                    found.setdefault(id, {}).update(dict.fromkeys(actions))
    return {id: tuple(actions) for id, actions in found.items()}


def _statements(project: Project) -> Iterator[Mapping[str, Tree]]:
    for resource in project.deployed.values():
        if resource.type in _OF_IDENTITIES:
            continue
        for name in _PROPERTIES:
            policy = resource.properties.get(name)
            for one in texts(policy.get("Statement")) if isinstance(policy, Mapping) else ():
                if isinstance(one, Mapping):
                    yield one
