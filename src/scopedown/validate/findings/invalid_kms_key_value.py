"""A condition on a KMS key has no ARN of a key."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.condition_on("s3:x-amz-server-side-encryption-aws-kms-key-id"):
            for value in condition.values if condition.family in ("String", "Arn") else ():
                text = value.shown
                if (
                    "${" not in text
                    and not text.startswith("*")
                    and not re.match(r"arn:[^:]+:kms:[^:]*:[^:]*:key/", text)
                ):
                    yield Found(f"{text} is not the ARN of a KMS key", value.place, text)


CHECK = Check(
    code="INVALID_KMS_KEY_VALUE",
    type=Type.ERROR,
    summary="A condition on a KMS key has no ARN of a key.",
    explanation="S3 compares the ARN of the key that encrypts. A bare key ID, an alias or another text never matches.",
    remedy="Write the ARN of the key: arn:aws:kms:REGION:ACCOUNT:key/ID.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "alias/reports"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"StringEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": '
            '"arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}}}'
        )
    ),
    find=find,
    reading="A value of s3:x-amz-server-side-encryption-aws-kms-key-id that is not the ARN of a key.",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms",
)
