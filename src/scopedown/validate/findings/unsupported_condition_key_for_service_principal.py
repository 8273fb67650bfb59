"""A statement for a service has a condition on the properties of a principal."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind in (Kind.RESOURCE, Kind.TRUST) else ():
        if statement.allows and statement.services_only:
            for condition in statement.condition_on(*_KEYS):
                if not condition.if_exists and not condition.negated and condition.family != "Null":
                    yield Found(f"{condition.key} is missing in requests of services", condition.place, condition.key)


_KEYS = ("aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:PrincipalTag/", "aws:PrincipalType", "aws:userid",
         "aws:username")  # fmt: skip
"""Keys of which AWS says that requests of service principals do not have them."""


CHECK = Check(
    code="UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
    type=Type.ERROR,
    summary="A statement for a service has a condition on the properties of a principal.",
    explanation="Requests that a service makes by itself have no organization, tags, or type of a principal. A "
    "condition on one of these keys never holds for them.",
    remedy="Use aws:SourceOrgID, aws:SourceAccount or aws:SourceArn.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, '
            '"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333", '
            '"aws:PrincipalOrgID": "o-1234567890"}}}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, '
            '"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    find=find,
    reading="The keys of a principal's organization, tags, type and name. AWS's example is aws:PrincipalOrgID "
    "with CloudFront.",
    source=""
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties",
)
