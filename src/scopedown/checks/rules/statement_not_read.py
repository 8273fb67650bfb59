"""A statement of which the rules that need no code see nothing."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.access import ProjectAccess
from scopedown.checks.access_problems import problem
from scopedown.checks.model import Problem, Rule
from scopedown.checks.rule_parts import other_role
from scopedown.core.finding import Severity


def of_project(access: ProjectAccess) -> Iterator[Problem]:
    """Statements of roles that no function has, of users, groups, trust policies and resources that IAM refuses or that
    only the deployment knows."""
    for subject in access.not_of_functions:
        for reason in dict.fromkeys(subject.unknown):
            words = f"{subject.name} was not looked at whole: {reason}"
            yield problem(RULE.id, access, subject, None, words, reason)


_QUEUE = "'arn:aws:sqs:us-east-1:111122223333:q'"
RULE = Rule(
    id="SD303",
    name="statement-not-read",
    severity=Severity.NOTE,
    summary="A statement of a role, user or policy that no function uses could not be looked at.",
    explanation="IAM refuses the statement, or only the deployment knows what it says. The rules for roles without "
    "functions say nothing of it.",
    remedy="Correct the statement, or write what it allows into the template.",
    bad=other_role("{'Fn::ImportValue': Actions}", _QUEUE),
    good=other_role("'sqs:SendMessage'", _QUEUE),
    of_project=of_project,
)
