"""What the events that Lambda polls by an event source mapping have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.project.intrinsics import is_intrinsic

NETWORK: Final = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcs",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
)
"""What Lambda needs to poll a source inside a network."""


def source_arn(settings: Any) -> Any:
    """The ARN of an event or a destination: alone, as ``arn``, or (which the framework refuses) an intrinsic."""
    if isinstance(settings, Mapping) and not is_intrinsic(settings):
        return settings.get("arn")
    return settings
