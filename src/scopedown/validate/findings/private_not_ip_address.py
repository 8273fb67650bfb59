"""A negated condition on aws:SourceIp has private addresses only."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.validate.addresses import private
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for condition, _ in private(document, "NotIpAddress", only=True):
        yield Found(
            "aws:SourceIp is always outside of these private addresses", condition.member.value.place, condition.key
        )


CHECK = Check(
    code="PRIVATE_NOT_IP_ADDRESS",
    type=Type.ERROR,
    summary="A negated condition on aws:SourceIp has private addresses only.",
    explanation="aws:SourceIp is the public address of a request. A private address is never there, so the condition "
    "always holds.",
    remedy="Write public addresses, or use aws:VpcSourceIp for those of a VPC.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/16"}}}'
        )
    ),
    good=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}'
        )
    ),
    find=find,
)
