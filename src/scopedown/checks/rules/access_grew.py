"""Access that grew although the settings say that it may not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scopedown.checks.limit_problems import problem_of
from scopedown.checks.model import Example, Problem, Rule
from scopedown.compare.access.states import subjects_of
from scopedown.compare.access.tell import actions_and_resources, why
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.iam.newaccess import Row


def after(subjects: Sequence[Subject], problems: Sequence[Problem]) -> Iterator[Problem]:
    """What roles and policies of the project allow and did not allow before."""
    if not subjects or subjects[0].limits.before is None:
        return
    first = subjects[0]
    found = subjects_of(first.scan.project, first.catalog)
    for subject, row in first.limits.grown(found, first.catalog.action_names()):
        if isinstance(row, Row):
            what = actions_and_resources(row, subject.shown)
            because = why(row, subject.shown)
            message = f"{subject.name} newly allows {what}" + (f" ({because})" if because else "")
        else:
            what = row
            message = f"{subject.name} may newly allow something: {row}"
        yield problem_of(RULE.id, subject, row, message, what, first)


_SERVICE = (
    "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {role: {statements: [{Effect: Allow, "
    "Action: ACTION, Resource: '*'}]}}\nfunctions: {f: {handler: app.f}}\n"
)
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
    find=lambda subject: iter(()),
    after=after,
    security=6.0,
    is_limit=True,
)
