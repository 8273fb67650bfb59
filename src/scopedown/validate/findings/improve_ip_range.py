"""A block of addresses has bits after its mask."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from scopedown.validate.addresses import network
from scopedown.validate.document import PolicyDocument
from scopedown.validate.model import Check, Example, Found, Type, policy


def find(document: PolicyDocument) -> Iterator[Found]:
    """Each place of it in a document."""
    for statement in document.statements:
        for condition in statement.conditions:
            for value in condition.values if condition.family == "IpAddress" else ():
                block = network(value.shown) if "/" in value.shown else None
                if block is not None and str(block.network_address) != str(ip_address(value.shown.partition("/")[0])):
                    yield Found(f"{value.shown} is the block {block}", value.place, value.shown)


CHECK = Check(
    code="IMPROVE_IP_RANGE",
    type=Type.SUGGESTION,
    summary="A block of addresses has bits after its mask.",
    explanation="The bits after the mask are ignored: the block is another than it looks.",
    remedy="Write the block as the message has it.",
    bad=Example(
        policy(
            '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::reports/*", '
            '"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.7/24"}}}'
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
