"""A list of principals is empty."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for element in ("Principal", "NotPrincipal"):
            node = statement.get(element)
            for member in (node.members if node is not None else None) or ():
                if member.value.items == ():
                    yield Found(f"{element}.{member.key} is empty", member.place, f"{element}.{member.key}")


CHECK = Check(
    code="EMPTY_ARRAY_PRINCIPAL",
    type=Type.SUGGESTION,
    summary="A list of principals is empty.",
    explanation="A statement without principals has no effect.",
    remedy="Add the principals, or remove the statement.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": []}, "Action": "s3:GetObject", '
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
