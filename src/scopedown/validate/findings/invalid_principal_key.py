"""A principal has a type that AWS does not have."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import is_known


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind.has_principal else ():
        for element in ("Principal", "NotPrincipal"):
            node = statement.get(element)
            for member in (node.members if node is not None else None) or ():
                if is_known(member.key) and member.key not in ("AWS", "Service", "Federated", "CanonicalUser"):
                    yield Found(f"AWS has no type of principal {member.key}", member.place, member.key)


CHECK = Check(
    code="INVALID_PRINCIPAL_KEY",
    type=Type.ERROR,
    summary="A principal has a type that AWS does not have.",
    explanation="The types of principals are AWS, Service, Federated and CanonicalUser, in this spelling.",
    remedy="Write AWS, Service, Federated or CanonicalUser.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"Aws": "111122223333"}, "Action": "s3:ListBucket", '
            '"Resource": "arn:aws:s3:::reports"}'
        ),
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
