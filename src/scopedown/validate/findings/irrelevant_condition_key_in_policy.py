"""A condition key says nothing in the policy of a resource."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    of_s3 = document.resource_type in ("AWS::S3::Bucket", "AWS::S3::AccessPoint")
    for statement in document.statements if document.kind is Kind.RESOURCE and of_s3 else ():
        for condition in statement.condition_on("s3:ResourceAccount"):
            yield Found(f"{condition.key} says nothing in {document.words}", condition.place, condition.key)


CHECK = Check(
    code="IRRELEVANT_CONDITION_KEY_IN_POLICY",
    type=Type.SUGGESTION,
    summary="A condition key says nothing in the policy of a resource.",
    explanation="The account of the resource is always that of the bucket which the policy is attached to.",
    remedy="Use the key in an identity-based policy.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", '
            '"Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"s3:ResourceAccount": "111122223333"}}}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", '
            '"Resource": "arn:aws:s3:::reports/*"}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    find=find,
    by_aws=True,
)
