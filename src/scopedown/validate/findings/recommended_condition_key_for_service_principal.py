"""A statement limits a service by a key that is not its source."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.deputies import says_source, serving
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in serving(document):
        for condition in statement.condition_on("aws:Referer", "aws:UserAgent") if not says_source(statement) else ():
            yield Found(f"{condition.key} is not what the service acts for", condition.place, condition.key)


CHECK = Check(
    code="RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
    type=Type.SUGGESTION,
    summary="A statement limits a service by a key that is not its source.",
    explanation="What a service acts for is said by aws:SourceArn and aws:SourceAccount. The caller of the service "
    "writes the other key.",
    remedy="Use aws:SourceArn or aws:SourceAccount.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"Service": "ses.amazonaws.com"}, '
            '"Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs", '
            '"Condition": {"StringEquals": {"aws:Referer": "111122223333"}}}'
        ),
        Kind.RESOURCE,
        "AWS::SQS::Queue",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"Service": "ses.amazonaws.com"}, '
            '"Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs", '
            '"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}'
        ),
        Kind.RESOURCE,
        "AWS::SQS::Queue",
    ),
    find=find,
)
