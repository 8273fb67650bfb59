"""All of a service, allowed to somebody whose code scopedown does not see."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.access import Granted, ProjectAccess
from scopedown.checks.access_problems import problem
from scopedown.checks.model import Problem, Rule
from scopedown.checks.rule_parts import other_role
from scopedown.core.finding import Severity
from scopedown.core.words import some_of


def of_project(access: ProjectAccess) -> Iterator[Problem]:
    """Statements on every resource with ``service:*`` or ``NotAction``, of roles that no function has, of users, groups
    and policies; not those of the policies that AWS makes for its services."""
    for granted in access.without_functions:
        wide = _wide(granted)
        if wide:
            by = f" ({granted.managed.name})" if granted.managed else ""
            words = f"{granted.subject.name} allows {wide} on every resource{by}; no function uses it"
            yield problem(RULE.id, access, granted.subject, granted.policy, words, wide)


def _wide(granted: Granted) -> str:
    """What a statement allows of whole services; empty where it does not."""
    for_services = granted.managed is not None and granted.managed.path != "/"
    if not granted.is_everywhere or for_services or granted.is_everything:
        return ""
    if granted.all_but:
        return "" if granted.managed else f"every action but {some_of(granted.all_but)}"
    return some_of([action for action in granted.actions if action.endswith(":*")])


RULE = Rule(
    id="SD212",
    name="unused-wide-access",
    severity=Severity.WARNING,
    summary="A role, user or policy that no function uses allows every action of a service on every resource.",
    explanation="No function of the project has these permissions, so scopedown cannot say which of them are needed. "
    "Every action of a service includes those that delete data and change who has access.",
    remedy="List the actions that are needed, and name their resources.",
    bad=other_role("'sqs:*'", "'*'"),
    good=other_role("'sqs:ListQueues'", "'*'"),
    of_project=of_project,
    security=6.0,
)
