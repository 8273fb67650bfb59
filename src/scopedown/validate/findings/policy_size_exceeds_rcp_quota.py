"""A resource control policy is larger than AWS takes."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.iam.size import LIMITS, Quota
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    most = LIMITS[Quota.RCP].characters
    if document.kind is Kind.RCP and document.length > most:
        yield Found(
            f"the policy has {document.length} characters, and AWS takes {most} by default", document.place, "size"
        )


CHECK = Check(
    code="POLICY_SIZE_EXCEEDS_RCP_QUOTA",
    type=Type.ERROR,
    summary="A resource control policy is larger than AWS takes.",
    explanation="A resource control policy has at most 5,120 characters, white space included.",
    remedy="Split it into several policies, or write wildcards.",
    bad=Example(
        policy(
            '{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": ['
            + ", ".join(f'"arn:aws:s3:::a-bucket-with-a-long-name-{number}/*"' for number in range(150))
            + "]}"
        ),
        Kind.RCP,
    ),
    good=Example(
        policy(
            '{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": ['
            + ", ".join(f'"arn:aws:s3:::a-bucket-with-a-long-name-{number}/*"' for number in range(2))
            + "]}"
        ),
        Kind.RCP,
    ),
    find=find,
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html",
)
