"""An identity-based policy is larger than one managed policy may be."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.iam.size import LIMITS, Quota
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    most = LIMITS[Quota.MANAGED].characters
    if document.kind in (Kind.IDENTITY, Kind.BOUNDARY) and document.size > most:
        yield Found(
            f"the policy has {document.size} characters, and AWS takes {most} by default", document.place, "size"
        )


CHECK = Check(
    code="POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA",
    type=Type.WARNING,
    summary="An identity-based policy is larger than one managed policy may be.",
    explanation="A managed policy has at most 6,144 characters without white space; inline policies have quotas of "
    "their role, user or group.",
    remedy="Split it into several managed policies.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:PutObject", "Resource": ['
            + ", ".join(f'"arn:aws:s3:::a-bucket-with-a-long-name-{number}/*"' for number in range(200))
            + "]}"
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:PutObject", "Resource": ['
            + ", ".join(f'"arn:aws:s3:::a-bucket-with-a-long-name-{number}/*"' for number in range(2))
            + "]}"
        )
    ),
    find=find,
)
