"""Access that grew although the settings say that it may not."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.access import ProjectAccess
from scopedown.checks.access_problems import problem_of
from scopedown.checks.model import Example, Problem, Rule, service_allowing
from scopedown.compare.access.grants import MAY_GRANT
from scopedown.compare.access.tell import actions_and_resources, why
from scopedown.core.finding import Severity
from scopedown.iam.newaccess import Row


def of_project(access: ProjectAccess) -> Iterator[Problem]:
    """What roles and policies of the project allow and did not allow before."""
    if access.limits.before is None:
        return
    for subject, row in access.limits.grown(access.catalog.action_names()):
        if isinstance(row, Row):
            what = actions_and_resources(row, subject.shown)
            if row.place.policy in MAY_GRANT:
                what += f", {row.place.policy.name}"
            because = why(row, subject.shown)
            message = f"{subject.name} newly allows {what}" + (f" ({because})" if because else "")
        else:
            what = row
            message = f"{subject.name} may newly allow something: {row}"
        yield problem_of(RULE.id, access, subject, row, message, what)


_SERVICE = service_allowing("Action: ACTION, Resource: '*'")
_BEFORE = _SERVICE.replace("ACTION", "'s3:GetObject'")
_LIMITS = "[check]\nmay-not-grow = true\n"
RULE = Rule(
    id="SD211",
    name="access-grew",
    severity=Severity.ERROR,
    summary="A role or policy allows what it did not allow before.",
    explanation="The setting may-not-grow of .scopedown.toml compares the project with its state at the commit of "
    "--base. Something that is new, or that cannot be decided, has to be asked for: change the setting, or merge it "
    "with --fail-on none.",
    remedy="Remove the new permission, or let a reviewer accept it (scopedown compare --base shows all of it).",
    bad=Example(_SERVICE.replace("ACTION", "'s3:*'"), "def f(event, context): pass\n", _LIMITS, _BEFORE),
    good=Example(_BEFORE, "def f(event, context): pass\n", _LIMITS, _BEFORE),
    of_project=of_project,
    security=6.0,
    is_limit=True,
)
