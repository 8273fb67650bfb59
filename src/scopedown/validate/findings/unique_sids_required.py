"""Two statements have the same Sid."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy
from scopedown.validate.values import is_known


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    seen: set[str] = set()
    for statement in document.statements if document.in_iam else ():
        node = statement.get("Sid")
        sid = (node.text or "") if node is not None else ""
        if node is not None and sid in seen and is_known(sid):
            yield Found(f"the Sid {sid} is used twice", node.place, sid)
        if sid:
            seen.add(sid)


CHECK = Check(
    code="UNIQUE_SIDS_REQUIRED",
    type=Type.ERROR,
    summary="Two statements have the same Sid.",
    explanation="In policies that IAM keeps, each Sid is used once in a document. AWS rejects the policy otherwise.",
    remedy="Give each statement its own Sid, or none.",
    bad=Example(
        policy(
            '{"Sid": "Read", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::a"}',
            '{"Sid": "Read", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b"}',
        )
    ),
    good=Example(
        policy(
            '{"Sid": "ReadA", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::a"}',
            '{"Sid": "ReadB", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b"}',
        )
    ),
    find=find,
)
