"""A statement allows a service whatever it acts for."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.deputies import says_source, serving
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in serving(document):
        if not says_source(statement) and not statement.condition_on("aws:Referer", "aws:UserAgent"):
            node = statement.get("Principal")
            assert node is not None
            named = ", ".join(principal.text or "" for _, principal in statement.principals)
            yield Found(f"{named} is allowed whatever it acts for", node.place, named)


CHECK = Check(
    code="RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
    type=Type.SECURITY_WARNING,
    summary="A statement allows a service whatever it acts for.",
    explanation="A service acts for all its customers. Without a condition on the source, anyone can have it use the "
    "resource.",
    remedy="Add a condition on aws:SourceArn or aws:SourceAccount.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:SendMessage", '
            '"Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"}'
        ),
        Kind.RESOURCE,
        "AWS::SQS::Queue",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sqs:SendMessage", '
            '"Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs", '
            '"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}'
        ),
        Kind.RESOURCE,
        "AWS::SQS::Queue",
    ),
    find=find,
)
