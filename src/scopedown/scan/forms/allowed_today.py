"""What a function's role allows today beside what the function needs, in one sentence.

In: a function's scan and its project. Out: the sentence; empty where the role is not the project's, allows nothing of
the project's own, or allows as much as is needed. Log groups count on neither side: every role has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from scopedown.core.same_objects import SameObjects
from scopedown.core.words import count
from scopedown.documents.nodes import items_of
from scopedown.iam.wildcard import matching
from scopedown.permissions.model import Origin
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import Project, Role, Tree
from scopedown.scan import FunctionScan


@dataclass(frozen=True, slots=True)
class _Allowed:
    """What a role allows of the project's own: by the text of each, in order; ``wide`` is the first wildcard of it."""

    actions: dict[str, None]
    resources: dict[str, None]
    wide: str
    policies: tuple[str, ...]


def allowed_today(scan: FunctionScan, project: Project) -> str:
    """What the role of a function allows, and what the function needs."""
    role = project.roles.get(scan.function.role)
    if role is None or not role.declared or scan.coverage.nothing:
        return ""
    allowed = _allowed_by(SameObjects(role, project))
    if not allowed.actions and not allowed.policies:
        return ""
    # What settings need, the tools add to the role by themselves, unless the project allows it too.
    also = [matching(pattern.lower()) for pattern in allowed.actions if not pattern.startswith("logs:")]
    needed = [
        one for one in scan.permissions
        if one.origin is not Origin.CONFIG
        or (not one.action.startswith("logs:") and any(allows(one.action.lower()) for allows in also))
    ]  # fmt: skip
    needs = {one.action for one in needed}
    targets = {str(resource.arn) for one in needed for resource in one.resources}
    is_fitting = len(needs) == len(allowed.actions) and len(targets) == len(allowed.resources)
    if is_fitting and not allowed.policies and not allowed.wide:
        return ""
    return f"role {role.id} allows {_said(allowed)}; this function needs " + (
        _needed(len(needs), len(targets), scan.coverage.is_whole)
    )


@lru_cache(maxsize=16)
def _allowed_by(key: SameObjects) -> _Allowed:
    """What a role allows. It is worked out once for the functions that share it."""
    role, project = cast(tuple[Role, Project], key.objects)
    scope = Scope.of(project)
    actions: dict[str, None] = {}
    resources: dict[str, None] = {}
    wide = ""
    for declared in role.statements:
        written = declared.statement
        if declared.added_by != "project" or written.get("Effect") != "Allow":
            continue
        of_it = [*_named(written.get("Action"))]
        on = [str(to_text(one, scope)) for one in items_of(written.get("Resource"))] or ["*"]
        if not of_it or all(action.startswith("logs:") for action in of_it):
            continue
        actions |= dict.fromkeys(of_it)
        resources |= dict.fromkeys(on)
        wildcard = next((action for action in of_it if "*" in action), "")
        if not wide and (wildcard or "*" in on):
            wide = f"{wildcard or of_it[0]} on {'*' if '*' in on else on[0]}"
    policies = tuple(name for policy in role.managed_policies if (name := _policy(policy, scope)))
    return _Allowed(actions, resources, wide, policies)


def _needed(actions: int, resources: int, is_whole: bool) -> str:
    if not actions:
        return "none of it" if is_whole else "what its unseen code calls"
    return f"{'' if is_whole else 'at least '}{count(actions, 'action')} on {count(resources, 'resource')}"


def _said(allowed: _Allowed) -> str:
    parts = [f"the policy {name}" for name in allowed.policies[:1]]
    if more := len(allowed.policies) - 1 if allowed.policies else 0:
        parts.append(f"{more} more {'policy' if more == 1 else 'policies'}")
    if allowed.wide:
        parts.append(allowed.wide)
        if len(allowed.actions) > 1:
            parts.append(count(len(allowed.actions) - 1, "more action"))
    elif allowed.actions:
        parts.append(f"{count(len(allowed.actions), 'action')} on {count(len(allowed.resources), 'resource')}")
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else parts[0]


def _named(written: Tree) -> Iterator[str]:
    return (action for action in items_of(written) if isinstance(action, str))


def _policy(policy: Tree, scope: Scope) -> str:
    """The name of a managed policy of AWS's that a person chose: not those that tools attach to every function."""
    arn = str(to_text(policy, scope))
    return "" if ":policy/service-role/AWSLambda" in arn or ":policy/" not in arn else arn.rpartition("/")[2]
