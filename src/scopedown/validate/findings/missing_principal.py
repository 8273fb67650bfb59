"""A statement of a resource-based policy has no Principal."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind.has_principal else ():
        if not statement.has("Principal", "NotPrincipal"):
            yield Found(f"the statement of {document.words} has no Principal", statement.place, str(statement.number))


CHECK = Check(
    code="MISSING_PRINCIPAL",
    type=Type.ERROR,
    summary="A statement of a resource-based policy has no Principal.",
    explanation="A policy that is attached to a resource says with Principal whom it is about. AWS rejects a "
    "statement without.",
    remedy='Add Principal, for example {"AWS": "111122223333"}.',
    bad=Example(
        policy('{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::reports"}'),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:ListBucket", '
            '"Resource": "arn:aws:s3:::reports"}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    find=find,
)
