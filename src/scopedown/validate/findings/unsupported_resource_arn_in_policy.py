"""A resource's policy names a resource of another service."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.arns import arns_of
from scopedown.validate.document import PolicyDocument
from scopedown.validate.facts import resource_kinds
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    kind = resource_kinds().get(document.resource_type)
    for statement in document.statements if kind is not None and kind.arns and "*" not in kind.arns else ():
        for arn in arns_of(statement):
            known = arn.service in document.facts.arn_services
            if kind is not None and known and arn.service not in kind.arns:
                yield Found(
                    f"{arn.text} is not a resource for the policy of {document.resource_type}", arn.place, arn.text
                )


CHECK = Check(
    code="UNSUPPORTED_RESOURCE_ARN_IN_POLICY",
    type=Type.ERROR,
    summary="A resource's policy names a resource of another service.",
    explanation="The policy of a resource is about that resource and what is in it. AWS rejects ARNs of other "
    "services.",
    remedy="Write ARNs of the resource that the policy is attached to.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:GetObject", '
            '"Resource": ["arn:aws:s3:::reports/*", "arn:aws:kms:eu-west-1:111122223333:key/1"]}'
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
