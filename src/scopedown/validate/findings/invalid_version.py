"""Version is not one that AWS has."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import is_known


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    version = document.root.get("Version") if document.root is not None else None
    text = (version.text or "") if version is not None else ""
    if version is not None and text and is_known(text) and text not in ("2012-10-17", "2008-10-17"):
        yield Found(f"the version {text} does not exist", version.place, text)


CHECK = Check(
    code="INVALID_VERSION",
    type=Type.ERROR,
    summary="Version is not one that AWS has.",
    explanation="The versions of the policy language are 2012-10-17 and 2008-10-17. Version is not the date of a "
    "document.",
    remedy="Write 2012-10-17.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}',
            version='"Version": "2026-11-28", ',
        )
    ),
    good=Example(policy('{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*"}')),
    find=find,
)
