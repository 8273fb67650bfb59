"""What the events that Lambda polls by an event source mapping have in common.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Literal, Text
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.intrinsics import is_intrinsic
from scopedown.project.serverless.events.parts.targets import target_of
from scopedown.project.serverless.names import Name, concat, normalized
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

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


def last_name(arn: Any, separator: str, index: int = -1) -> Name:
    """A part of an ARN, by the separator of its parts; ``undefined`` where there is none, as the framework has it.

    An ARN that is not known is such a part itself.

    >>> last_name("arn:aws:sqs:us-east-1:123456789012:jobs", ":")
    'jobs'
    """
    parts = pieces(arn, separator) if isinstance(arn, str | Text) else []
    if -len(parts) <= index < len(parts):
        return parts[index]
    return arn if isinstance(arn, Text) and arn.unknowns else "undefined"


def pieces(text: Name, separator: str) -> list[Name]:
    """Text, split where a known part of it holds the separator."""
    found: list[Name] = [""]
    for part in Text.of(text).parts:
        if isinstance(part, Literal):
            first, *rest = part.value.split(separator)
            found[-1] = concat(found[-1], first)
            found += rest
        else:
            found[-1] = concat(found[-1], Text((part,)))
    return found


def resource_name(arn: Any, *functions: str) -> Any:
    """What one of these intrinsic functions names: a resource, an import, the last item that is joined; else None."""
    for function in functions:
        argument = as_map(arn).get(function)
        if not argument:
            continue
        if function == "Fn::GetAtt":
            return first(argument)
        if function == "Fn::Join":
            joined = as_list(as_list(argument)[1:] and as_list(argument)[1])
            return joined[-1] if joined else ""
        return argument
    return None


def first(value: Any) -> Any:
    """The first item of a list, the first character of a text (so JavaScript has it); empty where there is none."""
    return value[0] if isinstance(value, list | str) and value else ""


def check_start(service: Service, key: str, settings: Mapping[str, Any], place: Place) -> None:
    """A source that is read from a time on needs that time."""
    if settings.get("startingPosition") == "AT_TIMESTAMP" and settings.get("startingPositionTimestamp") is None:
        service.refuse(key, "startingPosition: AT_TIMESTAMP needs a time", place, "set startingPositionTimestamp")


def add_mapping(template: Template, key: str, suffix: str, source: Any, place: Place) -> None:
    """Add an event source mapping for a function; ``source`` is the ARN of what it reads, None for brokers of Kafka."""
    properties = {"FunctionName": target_of(template.service, key).arn, "EventSourceArn": source}
    template.add(f"{normalized(key)}EventSourceMapping{suffix}", "AWS::Lambda::EventSourceMapping", properties, place)
