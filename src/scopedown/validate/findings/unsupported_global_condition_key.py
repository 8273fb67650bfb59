"""A condition on aws:ARN is not supported."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind.has_principal else ():
        for condition in statement.condition_on("aws:ARN"):
            yield Found("aws:ARN is not supported here", condition.place, condition.key)


CHECK = Check(
    code="UNSUPPORTED_GLOBAL_CONDITION_KEY",
    type=Type.ERROR,
    summary="A condition on aws:ARN is not supported.",
    explanation="In a policy of a resource, aws:ARN does not say whether the caller or the source of a request is "
    "meant.",
    remedy="Use aws:PrincipalArn for the caller, or aws:SourceArn for the resource in whose name a service asks.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", '
            '"Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs", '
            '"Condition": {"ArnEquals": {"aws:ARN": "arn:aws:iam::111122223333:role/app"}}}'
        ),
        Kind.RESOURCE,
        "AWS::SQS::Queue",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", '
            '"Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs", '
            '"Condition": {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/app"}}}'
        ),
        Kind.RESOURCE,
        "AWS::SQS::Queue",
    ),
    find=find,
    reading="AWS has two codes for aws:ARN. scopedown reports this one in policies that name principals, where "
    "AWS's remedy has two keys to choose from.",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html",
)
