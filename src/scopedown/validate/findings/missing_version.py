"""A policy has no Version."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    root = document.root
    if root is not None and root.members is not None and root.get("Version") is None and not document.fragment:
        yield Found("the policy has no Version", root.place, "Version")


CHECK = Check(
    code="MISSING_VERSION",
    type=Type.WARNING,
    summary="A policy has no Version.",
    explanation="Without Version a document is of the version 2008-10-17, which has no policy variables.",
    remedy='Add "Version": "2012-10-17".',
    bad=Example(
        policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}', version="")
    ),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}')),
    find=find,
)
