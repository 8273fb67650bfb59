"""A condition on an address has a value that is not an address."""

from __future__ import annotations

from collections.abc import Iterator

from scopedown.iam.operators import read_network
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            for value in condition.values if condition.family == "IpAddress" else ():
                if "${" not in value.shown and read_network(value.shown) is None:
                    yield Found(
                        f"{value.shown} is not an address or a block of addresses",
                        value.place,
                        f"{condition.key} {value.shown}",
                    )


CHECK = Check(
    code="TYPE_MISMATCH_IP_RANGE",
    type=Type.ERROR,
    summary="A condition on an address has a value that is not an address.",
    explanation="IpAddress and NotIpAddress compare with addresses and blocks of addresses in CIDR notation. Another "
    "value never matches.",
    remedy="Write an address or a block, such as 203.0.113.0/24.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/33"}}}'
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
