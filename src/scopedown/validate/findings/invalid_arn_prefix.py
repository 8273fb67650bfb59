"""A resource is neither * nor an ARN."""

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
    code="INVALID_ARN_PREFIX",
    type=Type.ERROR,
    summary="A resource is neither * nor an ARN.",
    explanation="The entries of Resource are ARNs, which begin with arn:, or the wildcard * alone. AWS rejects other "
    "texts.",
    remedy="Write the ARN of the resource: arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE.",
    bad=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "reports"}')),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}')),
    find=find,
)
