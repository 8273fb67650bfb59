"""Which of a condition's addresses are private.

``aws:SourceIp`` is the address from which a request comes in from the internet: a private one is never there.
Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip,
RFC 1918, RFC 4193, RFC 6598
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from scopedown.validate.document import Condition, PolicyDocument
from scopedown.validate.values import Value

_PRIVATE = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
                     "fc00::/7", "fe80::/10", "::1/128"))
)  # fmt: skip


def network(text: str) -> IPv4Network | IPv6Network | None:
    """A block of addresses, or one; None where the text is none. Bits after the mask are dropped."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _is_private(text: str) -> bool:
    one = network(text)
    return one is not None and any(one.version == of.version and one.subnet_of(of) for of in _PRIVATE)  # type: ignore[arg-type]


def private(document: PolicyDocument, operator: str, *, only: bool) -> Iterator[tuple[Condition, list[Value]]]:
    """The conditions on aws:SourceIp with private addresses: nothing else (``only``), or beside public ones."""
    for statement in document.statements:
        for condition in statement.condition_on("aws:SourceIp"):
            found = [value for value in condition.values if _is_private(value.shown)]
            every = len(found) == len(condition.values)
            if condition.base == operator and found and condition.all_known and only == every:
                yield condition, found
