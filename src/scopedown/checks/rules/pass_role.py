"""iam:PassRole without the service that the role may be passed to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scopedown.checks.access import ProjectAccess
from scopedown.checks.access_problems import problem
from scopedown.checks.model import Example, Problem, Rule, service_allowing
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.iam.wildcard import matching


def find(subject: Subject) -> Iterator[Problem]:
    """Statements of the project's own that allow iam:PassRole whatever the service."""
    for one in subject.declared:
        if not one.own:
            continue
        passing = _passing(one.actions)
        if passing and "iam:passedtoservice" not in str(one.written.get("Condition", "")).lower():
            everything = any(str(forms[0]) == "*" for _, forms in one.resources)
            several = any("*" in str(forms[0]) for _, forms in one.resources)
            yield Problem(
                RULE.id, _words(passing[0], everything), subject.place_of(one), subject.role.id, subject.keys,
                f"{passing[0]} on {one.on}", codes=_codes(passing[0]) if several else (),
            )  # fmt: skip


def of_project(access: ProjectAccess) -> Iterator[Problem]:
    """The same of roles that no function has, and of users, groups and policies."""
    for granted in access.without_functions:
        passing = _passing(granted.actions)
        if passing and not granted.managed and not granted.is_everything:
            resources = granted.statement.resource or ("everything but …",)
            words = f"{granted.subject.name}: {_words(passing[0], granted.is_everywhere)}; no function uses it"
            codes = _codes(passing[0]) if any("*" in one for one in resources) else ()
            about = f"{passing[0]} on {', '.join(resources)}"
            yield problem(RULE.id, access, granted.subject, granted.policy, words, about, codes)


def _passing(actions: Sequence[str]) -> list[str]:
    """The patterns among actions that allow passing a role."""
    return [action for action in actions if matching(action.lower())("iam:passrole")]


def _words(pattern: str, everywhere: bool) -> str:
    where = " on every role" if everywhere else ""
    return f"{pattern} allows passing a role to any service{where}: no condition on iam:PassedToService"


def _codes(pattern: str) -> tuple[str, ...]:
    return (RULE.codes[0 if pattern.lower() == "iam:passrole" else 1],)


_SERVICE = service_allowing("Action: 'iam:PassRole', Resource: 'arn:aws:iam::*:role/task'CONDITION")
RULE = Rule(
    id="SD206",
    name="pass-role-to-any-service",
    severity=Severity.WARNING,
    summary="iam:PassRole is allowed for any service.",
    explanation="A user who can pass a role to any service can run code with that role there, "
    "and so gains what the role allows.",
    remedy="Add the condition {StringEquals: {iam:PassedToService: SERVICE}}, for example lambda.amazonaws.com.",
    bad=Example(_SERVICE.replace("CONDITION", "")),
    good=Example(
        _SERVICE.replace("CONDITION", ", Condition: {StringEquals: {'iam:PassedToService': ecs-tasks.amazonaws.com}}"),
    ),
    find=find,
    of_project=of_project,
    security=8.0,
    codes=("PASS_ROLE_WITH_STAR_IN_RESOURCE", "PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE"),
)
