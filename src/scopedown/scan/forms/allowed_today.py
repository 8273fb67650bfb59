"""What a function's role allows today beside what the function needs, in one sentence.

In: a function's scan and its project. Out: the sentence; empty where the role is not the project's, allows nothing of
the project's own, or allows as much as is needed. Log groups count on neither side: every role has them.
"""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.documents.nodes import items_of
from scopedown.emit.lines import count
from scopedown.iam.wildcard import matching
from scopedown.permissions.model import Origin
from scopedown.project.intrinsics import Scope, to_text
from scopedown.project.model import Project, Tree
from scopedown.scan import FunctionScan


def allowed_today(scan: FunctionScan, project: Project) -> str:
    """What the role of a function allows, and what the function needs."""
    role = project.roles.get(scan.function.role)
    if role is None or not role.declared or scan.coverage.nothing:
        return ""
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
    policies = [name for policy in role.managed_policies if (name := _policy(policy, scope))]
    if not actions and not policies:
        return ""
    # What settings need, the tools add to the role by themselves, unless the project allows it too.
    also = [matching(pattern.lower()) for pattern in actions if not pattern.startswith("logs:")]
    needed = [
        one for one in scan.permissions
        if one.origin is not Origin.CONFIG
        or (not one.action.startswith("logs:") and any(allows(one.action.lower()) for allows in also))
    ]  # fmt: skip
    needs = {one.action for one in needed}
    targets = {str(resource.arn) for one in needed for resource in one.resources}
    if not policies and not wide and len(needs) == len(actions) and len(targets) == len(resources):
        return ""
    return f"role {role.id} allows {_allowed(actions, resources, wide, policies)}; this function needs " + (
        _needed(len(needs), len(targets), scan.coverage.is_whole)
    )


def _needed(actions: int, resources: int, is_whole: bool) -> str:
    if not actions:
        return "none of it" if is_whole else "what its unseen code calls"
    return f"{'' if is_whole else 'at least '}{count(actions, 'action')} on {count(resources, 'resource')}"


def _allowed(actions: dict[str, None], resources: dict[str, None], wide: str, policies: list[str]) -> str:
    parts = [f"the policy {name}" for name in policies[:1]]
    if more := len(policies) - 1 if policies else 0:
        parts.append(f"{more} more {'policy' if more == 1 else 'policies'}")
    if wide:
        parts.append(wide)
        if len(actions) > 1:
            parts.append(count(len(actions) - 1, "more action"))
    elif actions:
        parts.append(f"{count(len(actions), 'action')} on {count(len(resources), 'resource')}")
    return " and ".join((", ".join(parts[:-1]), parts[-1])) if len(parts) > 1 else parts[0]


def _named(written: Tree) -> Iterator[str]:
    return (action for action in items_of(written) if isinstance(action, str))


def _policy(policy: Tree, scope: Scope) -> str:
    """The name of a managed policy of AWS's that a person chose: not those that tools attach to every function."""
    arn = str(to_text(policy, scope))
    return "" if ":policy/service-role/AWSLambda" in arn or ":policy/" not in arn else arn.rpartition("/")[2]
