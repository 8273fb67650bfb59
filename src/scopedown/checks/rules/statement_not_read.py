"""A statement of which the rules that need no code see nothing."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.access import ProjectAccess
from scopedown.checks.access_problems import problem
from scopedown.checks.model import Example, Problem, Rule
from scopedown.core.finding import Severity


def of_project(access: ProjectAccess) -> Iterator[Problem]:
    """Statements of roles that no function has, of users, groups, trust policies and resources that IAM refuses or that
    only the deployment knows."""
    for subject in access.not_of_functions:
        for reason in dict.fromkeys(subject.unknown):
            words = f"{subject.name} was not looked at whole: {reason}"
            yield problem(RULE.id, access, subject, None, words, reason)


_SERVICE = """\
service: s
provider: {name: aws, runtime: python3.12}
functions: {f: {handler: app.f}}
resources:
  Resources:
    TaskRole:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: 'sts:AssumeRole'}]
        Policies:
          - PolicyName: p
            PolicyDocument:
              Statement: [{Effect: Allow, Action: ACTION, Resource: 'arn:aws:sqs:us-east-1:111122223333:q'}]
"""
RULE = Rule(
    id="SD303",
    name="statement-not-read",
    severity=Severity.NOTE,
    summary="A statement of a role, user or policy that no function uses could not be looked at.",
    explanation="IAM refuses the statement, or only the deployment knows what it says. The rules for roles without "
    "functions say nothing of it.",
    remedy="Correct the statement, or write what it allows into the template.",
    bad=Example(_SERVICE.replace("ACTION", "{'Fn::ImportValue': Actions}"), "def f(event, context): pass\n"),
    good=Example(_SERVICE.replace("ACTION", "'sqs:SendMessage'"), "def f(event, context): pass\n"),
    of_project=of_project,
)
