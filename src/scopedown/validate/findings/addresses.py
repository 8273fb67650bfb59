"""Conditions on addresses, and which of them are private.

``aws:SourceIp`` is the address from which a request comes in from the internet: a private one is never there.
Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip,
RFC 1918, RFC 4193, RFC 6598
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from scopedown.validate.document import Condition
from scopedown.validate.finders import conditions, conditions_on, finding, findings
from scopedown.validate.values import Found, Value

_PRIVATE = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
                     "fc00::/7", "fe80::/10", "::1/128"))
)  # fmt: skip


@finding(conditions("IpAddress"))
def improve_ip_range(condition: Condition) -> Iterator[Found]:
    for value in condition.values:
        block = _network(value.shown) if "/" in value.shown else None
        if block is not None and str(block.network_address) != str(ip_address(value.shown.partition("/")[0])):
            yield value.found(f"{value.shown} is the block {block}")


@findings(
    conditions_on("aws:SourceIp"),
    {
        "PRIVATE_IP_ADDRESS": ("IpAddress", "never one"),
        "PRIVATE_NOT_IP_ADDRESS": ("NotIpAddress", "always outside"),
    },
)
def _all_private(condition: Condition, row: tuple[str, str]) -> Iterator[Found]:
    operator, what = row
    if condition.base == operator and condition.all_known and len(_private(condition)) == len(condition.values):
        yield condition.found(f"aws:SourceIp is {what} of these private addresses", condition.member.value.place)


@findings(
    conditions_on("aws:SourceIp"),
    {"PRIVATE_IP_ADDRESS_SUBSET": "IpAddress", "PRIVATE_NOT_IP_ADDRESS_SUBSET": "NotIpAddress"},
)
def _some_private(condition: Condition, operator: str) -> Iterator[Found]:
    private = _private(condition)
    if condition.base == operator and condition.all_known and len(private) < len(condition.values):
        for value in private:
            yield value.found(f"aws:SourceIp is never the private address {value.shown}")


def _private(condition: Condition) -> list[Value]:
    """The values that are private addresses, or blocks of them."""
    blocks = [(value, _network(value.shown)) for value in condition.values]
    return [
        value
        for value, one in blocks
        if one is not None and any(one.version == of.version and one.subnet_of(of) for of in _PRIVATE)  # type: ignore[arg-type]
    ]


def _network(text: str) -> IPv4Network | IPv6Network | None:
    """A block of addresses, or one; None where the text is none. Bits after the mask are dropped."""
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
