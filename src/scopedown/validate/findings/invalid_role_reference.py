"""A principal is the unique ID of a role."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements if document.kind.has_principal else ():
        for type, principal in statement.principals:
            if type == "AWS" and re.fullmatch("AROA[A-Z0-9]{12,}", principal.text or ""):
                yield Found(f"{principal.text} is the unique ID of a role", principal.place, principal.text or "")


CHECK = Check(
    code="INVALID_ROLE_REFERENCE",
    type=Type.WARNING,
    summary="A principal is the unique ID of a role.",
    explanation="AWS puts the ID in the place of the ARN when the role is deleted. A role that is created anew has "
    "another ID, so the statement has no effect.",
    remedy="Write the ARN of the role.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "AROAEXAMPLE1234567890"}, "Action": "s3:GetObject", '
            '"Resource": "arn:aws:s3:::reports/*"}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:role/app"}, '
            '"Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}'
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    find=find,
)
