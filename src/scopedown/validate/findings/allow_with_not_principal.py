"""A statement allows all principals but some."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind in (Kind.RESOURCE, Kind.VPCE) else ():
        for member in statement.value.members or ():
            if member.key == "NotPrincipal" and statement.allows:
                yield Found("the statement allows everyone who is not listed", member.place, str(statement.number))


CHECK = Check(
    code="ALLOW_WITH_NOT_PRINCIPAL",
    type=Type.SECURITY_WARNING,
    summary="A statement allows all principals but some.",
    explanation="Allow with NotPrincipal allows everyone who is not listed, anonymous callers included.",
    remedy="Name the principals with Principal.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": "s3:GetObject", '
            '"Resource": "arn:aws:s3:::reports/*"}'
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
)
