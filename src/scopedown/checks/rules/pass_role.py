"""iam:PassRole without the service that the role may be passed to."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.iam.wildcard import matching


def find(subject: Subject) -> Iterator[Problem]:
    """Statements of the project's own that allow iam:PassRole whatever the service."""
    for one in subject.declared:
        if not one.own:
            continue
        passing = [action for action in one.actions if matching(action.lower())("iam:passrole")]
        if passing and "iam:passedtoservice" not in str(one.written.get("Condition", "")).lower():
            everything = any(str(forms[0]) == "*" for _, forms in one.resources)
            several = any("*" in str(forms[0]) for _, forms in one.resources)
            code = RULE.codes[0 if passing[0].lower() == "iam:passrole" else 1]
            where = " on every role" if everything else ""
            yield Problem(
                RULE.id, f"{passing[0]} allows passing a role to any service{where}: no condition on "
                "iam:PassedToService", subject.place_of(one), subject.role.id, subject.keys,
                f"{passing[0]} on {one.on}",
                codes=(code,) if several else (),
            )  # fmt: skip


_SERVICE = (
    "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {role: {statements: [{Effect: Allow, "
    "Action: 'iam:PassRole', Resource: 'arn:aws:iam::*:role/task'CONDITION}]}}\nfunctions: {f: {handler: app.f}}\n"
)
RULE = Rule(
    id="SD206",
    name="pass-role-to-any-service",
    severity=Severity.WARNING,
    summary="iam:PassRole is allowed for any service.",
    explanation="A user who can pass a role to any service can run code with that role there, "
    "and so gains what the role allows.",
    remedy="Add the condition {StringEquals: {iam:PassedToService: SERVICE}}, for example lambda.amazonaws.com.",
    bad=Example(_SERVICE.replace("CONDITION", ""), "def f(event, context): pass\n"),
    good=Example(
        _SERVICE.replace("CONDITION", ", Condition: {StringEquals: {'iam:PassedToService': ecs-tasks.amazonaws.com}}"),
        "def f(event, context): pass\n",
    ),
    find=find,
    security=8.0,
    codes=("PASS_ROLE_WITH_STAR_IN_RESOURCE", "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE"),
)
