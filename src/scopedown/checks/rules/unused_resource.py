"""A resource of a statement that no function of the role needs."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule
from scopedown.checks.subject import Subject
from scopedown.core.finding import Severity


def find(subject: Subject) -> Iterator[Problem]:
    """Resources of statements whose actions are needed, but elsewhere; where all of the code was searched."""
    if not subject.searched:
        return
    for one in subject.declared:
        if not one.judged or one.statement.place is None or all(map(subject.is_unused, one.actions)):
            continue
        unused = [forms for _, forms in one.resources if not any(subject.touches(one, forms))]
        if unused:
            shown = ", ".join(str(forms[0]) for forms in unused)
            yield Problem(
                RULE.id, f"{shown}: no function of this role was found to need {', '.join(one.actions)} there",
                one.statement.place, subject.role.id, subject.keys, shown, (), subject.rewritten(one),
            )  # fmt: skip


_SERVICE = (
    "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {role: {statements: [{Effect: Allow, "
    "Action: 'dynamodb:GetItem', Resource: ['arn:aws:dynamodb:us-east-1:*:table/a'OTHER]}]}}\n"
    "functions: {f: {handler: app.f}}\n"
)
_CODE = 'import boto3\ndef f(event, context):\n    boto3.client("dynamodb").get_item(TableName="a", Key=event)\n'
RULE = Rule(
    id="SD202",
    name="unused-resource",
    severity=Severity.WARNING,
    summary="The role allows an action on a resource on which no function needs it.",
    explanation="The functions need the statement's actions on other resources only.",
    remedy="Remove the resource from the statement.",
    bad=Example(_SERVICE.replace("OTHER", ", 'arn:aws:dynamodb:us-east-1:*:table/b'"), _CODE),
    good=Example(_SERVICE.replace("OTHER", ""), _CODE),
    find=find,
    security=4.0,
)
