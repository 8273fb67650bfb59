"""The service in an ARN is not in lower case."""

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
    code="INVALID_ARN_SERVICE_CASE",
    type=Type.ERROR,
    summary="The service in an ARN is not in lower case.",
    explanation="The service in an ARN is a prefix in lower case. With capitals the ARN matches no resource.",
    remedy="Write the service in lower case.",
    bad=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:S3:::reports"}')),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}')),
    find=find,
)
