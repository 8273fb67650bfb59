"""An Allow that says what is not allowed."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.comparable import texts
from scopedown.checks.model import Example, Problem, Rule
from scopedown.checks.subject import Subject, shown
from scopedown.core.finding import Severity


def find(subject: Subject) -> Iterator[Problem]:
    """Statements of the project's own with NotAction or NotResource that allow."""
    for one in subject.declared:
        for element in ("NotAction", "NotResource") if one.own else ():
            if element in one.written:
                but = ", ".join(map(shown, texts(one.written[element])))  # type: ignore[arg-type]
                what = "every action" if element == "NotAction" else "every resource"
                yield Problem(
                    RULE.id, f"this allows {what} but {but}", subject.place_of(one), subject.role.id, subject.keys,
                    f"{element} {but}",
                )  # fmt: skip


_SERVICE = (
    "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {role: {statements: [{Effect: Allow, "
    "ELEMENT: 'iam:*', Resource: '*'}]}}\nfunctions: {f: {handler: app.f}}\n"
)
RULE = Rule(
    id="SD208",
    name="allows-all-but",
    severity=Severity.WARNING,
    summary="A statement allows everything but what it names.",
    explanation="NotAction and NotResource with Allow allow all that is not named: every other service, and what AWS "
    "adds to them later.",
    remedy="Name what is needed with Action and Resource.",
    bad=Example(_SERVICE.replace("ELEMENT", "NotAction"), "def f(event, context): pass\n"),
    good=Example(_SERVICE.replace("ELEMENT", "Action"), "def f(event, context): pass\n"),
    find=find,
    security=8.0,
    codes=(
        "PASS_ROLE_WITH_NOT_RESOURCE", "PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE",
        "PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE", "PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION",
    ),
)  # fmt: skip
