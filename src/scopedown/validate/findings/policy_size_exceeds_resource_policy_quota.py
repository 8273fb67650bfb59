"""A resource-based policy is larger than its service takes."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.document import Kind
from scopedown.validate.document import PolicyDocument
from scopedown.validate.facts import resource_kinds
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    kind = resource_kinds().get(document.resource_type)
    most = (kind.quota if kind is not None else 0) or _OTHERS
    if document.kind in (Kind.RESOURCE, Kind.VPCE) and document.size > most:
        yield Found(f"the policy has {document.size} characters, and the service takes {most}", document.place, "size")


_OTHERS = 20_480
"""The quota of most services, and that of resources whose type is not known."""


CHECK = Check(
    code="POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA",
    type=Type.WARNING,
    summary="A resource-based policy is larger than its service takes.",
    explanation="Services limit the policies of their resources: S3 to 20,480 bytes, SQS to 8,192, KMS to 32,768.",
    remedy="Shorten it, for example with conditions in the place of lists.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:PutObject", '
            '"Resource": ['
            + ", ".join(f'"arn:aws:s3:::a-bucket-with-a-long-name-{number}/*"' for number in range(600))
            + "]}"
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "Action": "s3:PutObject", '
            '"Resource": ['
            + ", ".join(f'"arn:aws:s3:::a-bucket-with-a-long-name-{number}/*"' for number in range(2))
            + "]}"
        ),
        Kind.RESOURCE,
        "AWS::S3::Bucket",
    ),
    find=find,
)
