"""A resource that is no ARN."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule
from scopedown.checks.subject import Subject, shown
from scopedown.core.finding import Severity
from scopedown.core.text import Literal, Text

_PARTITION = re.compile(r"aws(-[a-z]+)*|\*")
_SERVICE_NAME = re.compile(r"[a-z0-9*?-]+")
_ACCOUNT = re.compile(r"[0-9]{12}|aws|[0-9*?]*\*[0-9*?]*|")


def find(subject: Subject) -> Iterator[Problem]:
    """Resources of the project's own statements that begin as text and not as an ARN has it."""
    for one in subject.declared:
        for item, forms in one.resources if one.statement.added_by == "project" else ():
            wrong = _wrong(forms[0])
            if wrong:
                yield Problem(
                    RULE.id,
                    f"{shown(item)}: {wrong}",
                    subject.place_of(one),
                    subject.role.id,
                    subject.keys,
                    shown(item),
                )


def _wrong(text: Text) -> str:
    """What is wrong with the fields before the resource's own, as far as they are known."""
    if not text.parts or not isinstance(first := text.parts[0], Literal):
        return ""  # a reference says it all
    fields = first.value.split(":", 5)
    whole = len(text.parts) == 1
    if first.value.startswith("*"):
        return ""
    if fields[0] != "arn" and (len(fields) > 1 or whole):
        return "an ARN begins with arn:"
    known = fields if whole or len(fields) == 6 else fields[:-1]  # the last one may go on in what is not known
    if whole and len(fields) < 6 and "*" not in first.value:
        return f"an ARN has six fields, and this has {len(fields)}"
    for at, expression, what in ((1, _PARTITION, "partition"), (2, _SERVICE_NAME, "service"), (4, _ACCOUNT, "account")):
        if at < len(known) and at < 5 and not expression.fullmatch(known[at]):
            return f"{known[at] or 'nothing'} is no {what}"
    return ""


_SERVICE = (
    "service: s\nprovider:\n  name: aws\n  runtime: python3.12\n  iam: {role: {statements: [{Effect: Allow, "
    "Action: 'dynamodb:GetItem', Resource: 'RESOURCE'}]}}\nfunctions: {f: {handler: app.f}}\n"
)
_CODE = 'import boto3\ndef f(event, context):\n    boto3.client("dynamodb").get_item(TableName="a", Key=event)\n'
RULE = Rule(
    id="SD403",
    name="malformed-arn",
    severity=Severity.WARNING,
    summary="A resource is written as no ARN is.",
    explanation="What is no ARN matches nothing: the statement has no effect, or IAM refuses it.",
    remedy="Write arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, or refer to the resource with Fn::GetAtt.",
    bad=Example(_SERVICE.replace("RESOURCE", "arn:aws:dynamodb:us-east-1:table/a"), _CODE),
    good=Example(_SERVICE.replace("RESOURCE", "arn:aws:dynamodb:us-east-1:*:table/a"), _CODE),
    find=find,
    codes=(
        "INVALID_ARN_PREFIX", "MISSING_ARN_FIELD", "INVALID_PARTITION", "INVALID_ARN_SERVICE_CASE",
        "INVALID_ARN_ACCOUNT",
    ),
)  # fmt: skip
