"""A principal has a wildcard inside it."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind in (Kind.RESOURCE, Kind.TRUST, Kind.VPCE) else ():
        for type, principal in statement.principals:
            text = principal.text or ""
            whole = text == "*" and type in ("", "AWS")
            if set(text) & set("*?") and not whole and "${" not in text:
                yield Found(f"the principal {text} has a wildcard", principal.place, text)


CHECK = Check(
    code="UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
    type=Type.ERROR,
    summary="A principal has a wildcard inside it.",
    explanation="A principal names one account, user, role or session. Only * alone, as the principal or as the "
    "value of AWS, is a wildcard.",
    remedy="Name the principals, or use * with a condition on aws:PrincipalArn.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app-*"}, '
            '"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app-1"}, '
            '"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    find=find,
)
