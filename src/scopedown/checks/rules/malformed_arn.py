"""A resource that is no ARN."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.checks.model import Example, Problem, Rule, service_allowing
from scopedown.checks.rule_parts import wrong_resource
from scopedown.compare.statement import shown
from scopedown.compare.subject import Subject
from scopedown.core.finding import Severity


def find(subject: Subject) -> Iterator[Problem]:
    """Resources of the project's own statements that begin as text and not as an ARN has it."""
    for one in subject.declared:
        for item, forms in one.resources if one.statement.added_by == "project" else ():
            wrong, code = wrong_resource(forms[0])
            if wrong:
                yield Problem(
                    RULE.id,
                    f"{shown(item)}: {wrong}",
                    subject.place_of(one),
                    subject.role.id,
                    subject.keys,
                    shown(item),
                    codes=(code,),
                )


_SERVICE = service_allowing("Action: 'dynamodb:GetItem', Resource: 'RESOURCE'")
_CODE = 'import boto3\ndef f(event, context):\n    boto3.client("dynamodb").get_item(TableName="a", Key=event)\n'
RULE = Rule(
    id="SD403",
    name="malformed-arn",
    severity=Severity.WARNING,
    summary="A resource is not a valid ARN.",
    explanation="A resource that is not an ARN matches nothing: the statement has no effect, or IAM rejects the "
    "policy.",
    remedy="Write arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, or refer to the resource with Fn::GetAtt.",
    bad=Example(_SERVICE.replace("RESOURCE", "arn:aws:dynamodb:us-east-1:table/a"), _CODE),
    good=Example(_SERVICE.replace("RESOURCE", "arn:aws:dynamodb:us-east-1:*:table/a"), _CODE),
    find=find,
    codes=(
        "INVALID_ARN_PREFIX", "MISSING_ARN_FIELD", "INVALID_PARTITION", "INVALID_ARN_SERVICE_CASE",
        "INVALID_ARN_ACCOUNT",
    ),
)  # fmt: skip
