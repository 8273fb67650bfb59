"""A condition on aws:SourceIp has private addresses too."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.addresses import private
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for _, values in private(document, "IpAddress", only=False):
        for value in values:
            yield Found(f"aws:SourceIp is never the private address {value.shown}", value.place, value.shown)


CHECK = Check(
    code="PRIVATE_IP_ADDRESS_SUBSET",
    type=Type.SUGGESTION,
    summary="A condition on aws:SourceIp has private addresses too.",
    explanation="aws:SourceIp is the public address of a request. The private addresses of the list never match.",
    remedy="Remove the private addresses, or use aws:VpcSourceIp for them.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "10.0.0.0/16"]}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}'
        )
    ),
    find=find,
)
