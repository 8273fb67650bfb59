"""Two statements of a resource-based policy have the same Sid."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import is_known


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    seen: set[str] = set()
    for statement in document.statements if not document.in_iam else ():
        node = statement.get("Sid")
        sid = (node.text or "") if node is not None else ""
        if node is not None and sid in seen and is_known(sid):
            yield Found(f"the Sid {sid} is used twice", node.place, sid)
        if sid:
            seen.add(sid)


CHECK = Check(
    code="UNIQUE_SIDS_RECOMMENDED",
    type=Type.WARNING,
    summary="Two statements of a resource-based policy have the same Sid.",
    explanation="The service accepts it, but the Sid then does not say which statement is meant.",
    remedy="Give each statement its own Sid, or none.",
    bad=Example(
        policy(
            '{"Sid": "Read", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, '
            '"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::a"}',
            '{"Sid": "Read", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, '
            '"Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}',
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    good=Example(
        policy(
            '{"Sid": "List", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, '
            '"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::a"}',
            '{"Sid": "Read", "Effect": "Allow", "Principal": {"AWS": "111122223333"}, '
            '"Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}',
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    find=find,
)
