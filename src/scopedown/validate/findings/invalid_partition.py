"""The partition in an ARN does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.arns import beginning
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for value in statement.resources:
            wrong, code = beginning(value)
            if code == CHECK.code:
                yield Found(f"{value.text}: {wrong}", value.place, value.text or "")


CHECK = Check(
    code="INVALID_PARTITION",
    type=Type.ERROR,
    summary="The partition in an ARN does not exist.",
    explanation="The second field of an ARN is the partition: aws, aws-cn, aws-us-gov, or one of the isolated ones. "
    "An ARN with another text matches no resource.",
    remedy="Write aws, or the partition that the account is in.",
    bad=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:amazon:s3:::reports"}')),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}')),
    find=find,
)
