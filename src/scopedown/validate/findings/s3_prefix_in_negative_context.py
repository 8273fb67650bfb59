"""A prefix of S3 is excluded, and a shorter one lists the same objects."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.condition_on("s3:prefix"):
            excludes = statement.allows == condition.negated and any(condition.texts)
            if condition.family == "String" and statement.effect in ("Allow", "Deny") and excludes:
                yield Found("a shorter prefix lists the excluded objects too", condition.place, condition.key)


CHECK = Check(
    code="S3_PREFIX_IN_NEGATIVE_CONTEXT",
    type=Type.SECURITY_WARNING,
    summary="A prefix of S3 is excluded, and a shorter one lists the same objects.",
    explanation="s3:prefix is what the caller asks for. Who asks with a shorter prefix, or with none, lists what is "
    "below the excluded one too.",
    remedy="Allow the prefixes that may be listed, with StringEquals or StringLike.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports", '
            '"Condition": {"StringNotLike": {"s3:prefix": "secret/*"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports", '
            '"Condition": {"StringLike": {"s3:prefix": "public/*"}}}'
        )
    ),
    find=find,
    reading="s3:prefix under Deny, or under Allow with a negated operator.",
    source=""
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html#condition-key-bucket-ops-2",
)
