"""A managed policy of AWS's that allows all of a service, where the code needs little of it."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.core.words import MOST_SHOWN, some_of
from scopedown.iam.wildcard import matching
from scopedown.permissions.managed_policies import allowed_by, everywhere

_FOR_FUNCTIONS = ("service-role/", "policy/AWSLambdaExecute")
"""Policies that AWS makes for the roles of functions, and those that frameworks attach."""


def find(subject: Subject) -> Iterator[Problem]:
    """Attached policies with a pattern of all actions of a service, less than half of which a function may need."""
    for policy in subject.role.managed_policies:
        arn = str(subject.comparable.declares(policy)[0])
        plain = (grant for grant in everywhere(allowed_by(arn) or ()) if not grant.but_actions)
        patterns = [action for grant in plain for action in grant.actions]
        whole = [pattern for pattern in patterns if pattern.endswith(":*") and pattern != "*:*"]
        if not whole or any(one in arn for one in _FOR_FUNCTIONS) or any(map(subject.is_possible, whole)):
            continue
        allowed = {name for pattern in patterns for name in _actions(subject, pattern)}
        needed = sorted({name for pattern in patterns for name in subject.needed_by(pattern)})
        if 2 * len(needed) >= len(allowed):
            continue
        name = arn.rpartition("/")[2]
        needs = (
            f"needed are {some_of(needed, MOST_SHOWN)}" if needed else "no function of this role was found to need one"
        )
        yield Problem(
            RULE.id, f"{name} allows {len(allowed)} actions on every resource; {needs}",
            subject.role.place or subject.functions[0].function.place, subject.role.id, subject.keys, name,
        )  # fmt: skip


def _actions(subject: Subject, pattern: str) -> Iterator[str]:
    """The actions of AWS's that a pattern matches."""
    fits = matching(pattern.lower())
    known = subject.catalog.actions_of(pattern.partition(":")[0])
    return (action.name for action in known if fits(action.name.lower()))


_SERVICE = (
    "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam:\n    role:\n      managedPolicies: "
    "['arn:aws:iam::aws:policy/POLICY']\nfunctions: {f: {handler: app.f}}\n"
)
_CODE = 'import boto3\ndef f(event, context):\n    boto3.client("dynamodb").put_item(TableName="a", Item=event)\n'
RULE = Rule(
    id="SD209",
    name="broad-managed-policy",
    severity=Severity.WARNING,
    summary="A managed policy allows a whole service of which the functions need little.",
    explanation="AWS's FullAccess policies allow every action of a service on every resource of the account, "
    "including actions that delete data and change who has access. The code shows which actions are needed, and on "
    "which resources.",
    remedy="Replace the policy with what the functions need (scopedown scan shows it, scopedown write writes it).",
    bad=Example(_SERVICE.replace("POLICY", "AmazonDynamoDBFullAccess"), _CODE),
    good=Example(_SERVICE.replace("POLICY", "service-role/AWSLambdaDynamoDBExecutionRole"), _CODE),
    find=find,
    takes=True,
    security=6.0,
)
