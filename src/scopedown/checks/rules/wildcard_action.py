"""A pattern of actions where the code tells which ones are needed."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule, service_allowing
from scopedown.checks.rule_parts import fix_of
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity
from scopedown.iam.wildcard import matching


def find(subject: Subject) -> Iterator[Problem]:
    """Patterns that are needed in part, where all of the code was searched."""
    for one in subject.declared:
        if not one.judged or subject.may_need(one):
            continue
        for pattern in one.actions:
            if "*" not in pattern and "?" not in pattern:
                continue
            needed = sorted(subject.needed_by(pattern))
            prefix = pattern.partition(":")[0]
            fits = matching(pattern.lower())
            known = [a.name for a in subject.catalog.actions_of(prefix) if fits(a.name.lower())]
            if needed and (len(known) > len(needed) or pattern == "*"):
                count = f"{len(known)} actions" if known else "every action"
                yield Problem(
                    RULE.id, f"{pattern} allows {count}; needed are {', '.join(needed)}", subject.place_of(one),
                    subject.role.id, subject.keys, f"{pattern} on {one.on}", (),
                    fix_of(subject, one, actions={pattern: tuple(needed)}),
                )  # fmt: skip


_SERVICE = service_allowing("Action: 'dynamodb:ACTION', Resource: 'arn:aws:dynamodb:us-east-1:*:table/a'")
_CODE = 'import boto3\ndef f(event, context):\n    boto3.client("dynamodb").get_item(TableName="a", Key=event)\n'
RULE = Rule(
    id="SD203",
    name="wildcard-action",
    severity=Severity.WARNING,
    summary="A wildcard allows more actions than the functions need.",
    explanation="The code shows which actions are needed. The pattern also allows all the others, and those that AWS "
    "adds to the service later.",
    remedy="List the actions that the functions need.",
    bad=Example(_SERVICE.replace("ACTION", "*"), _CODE),
    good=Example(_SERVICE.replace("ACTION", "GetItem"), _CODE),
    find=find,
    takes=True,
    security=6.0,
)
