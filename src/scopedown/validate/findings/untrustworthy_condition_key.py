"""A condition rests on what the caller writes."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.condition_on("aws:Referer", "aws:UserAgent") if not statement.services_only else ():
            if statement.allows != condition.negated:
                yield Found(f"the caller writes {condition.key}", condition.place, condition.key)


CHECK = Check(
    code="UNTRUSTWORTHY_CONDITION_KEY",
    type=Type.SECURITY_WARNING,
    summary="A condition rests on what the caller writes.",
    explanation="The caller writes aws:Referer and aws:UserAgent into the request, and can write anything there.",
    remedy="Use a key that AWS sets, such as aws:PrincipalArn, aws:SourceVpce or aws:SourceIp.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", '
            '"Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringLike": {"aws:Referer": "https://www.example.com/*"}}}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", '
            '"Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-11223344556677889"}}}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    find=find,
    reading="aws:Referer and aws:UserAgent, of which AWS says that they must not keep unauthorized parties out.",
    source=""
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-referer",
)
