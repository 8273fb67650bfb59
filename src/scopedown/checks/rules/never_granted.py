"""What the settings say that no role may ever be granted."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.access import ProjectAccess
from scopedown.checks.access_problems import problem_of
from scopedown.checks.model import Example, Problem, Rule, service_allowing
from scopedown.compare.access.tell import actions_and_resources
from scopedown.core.finding import Severity
from scopedown.iam.newaccess import Row


def of_project(access: ProjectAccess) -> Iterator[Problem]:
    """Roles and policies of the project that grant something of it."""
    if not access.limits.limits:
        return
    for subject, never, row in access.limits.granted(access.subjects, access.catalog.action_names()):
        if isinstance(row, Row):
            message = f"{subject.name} allows {actions_and_resources(row, subject.shown)}, and never may ({never})"
        else:
            message = f"{subject.name} may allow {never}: {row}"
        yield problem_of(RULE.id, access, subject, row, message, str(never))


_SERVICE = service_allowing("Action: ACTION, Resource: '*'")
_LIMITS = "[check]\nnever = ['s3:DeleteBucket']\n"
RULE = Rule(
    id="SD210",
    name="never-granted",
    severity=Severity.ERROR,
    summary="A role or policy grants what the settings forbid.",
    explanation="The setting never of .scopedown.toml lists actions, and resources if you name them, that nothing in "
    "the project may grant. It holds for every statement, wildcards included, and for the policies of resources.",
    remedy="Remove the permission, or change the setting never if it is meant to be granted.",
    bad=Example(_SERVICE.replace("ACTION", "'s3:*'"), "def f(event, context): pass\n", _LIMITS),
    good=Example(_SERVICE.replace("ACTION", "'s3:GetObject'"), "def f(event, context): pass\n", _LIMITS),
    of_project=of_project,
    security=8.0,
    is_limit=True,
)
