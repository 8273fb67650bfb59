"""What the events that Lambda polls by an event source mapping have in common.

Sources: osls 4.3.1 ``lib/plugins/aws/package/compile/events``, ``resolveFunctionIamRoleResourceName`` of
``lib/plugins/aws/provider.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Literal, Text
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.intrinsics import is_intrinsic
from scopedown.project.serverless.additions import custom_role
from scopedown.project.serverless.events.parts.conversions import boolean, integer, json_text
from scopedown.project.serverless.events.parts.refusals import refuse
from scopedown.project.serverless.events.parts.targets import target_of
from scopedown.project.serverless.frameworks import goes_on_from_v3
from scopedown.project.serverless.names import SHARED_ROLE, Name, concat, function_role_id
from scopedown.project.serverless.service import Service, is_text, merge, noded
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


def filter_criteria(settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """``filterPatterns`` as a mapping's property; None where there are none."""
    patterns = settings.get("filterPatterns")
    if not isinstance(patterns, list):
        return None
    return {"Filters": [{"Pattern": json_text(pattern)} for pattern in patterns]}


def enabled(settings: Mapping[str, Any]) -> Any:
    """Whether a queue or a stream is read: by default, but not said where ``enabled`` is null."""
    return boolean(settings, "enabled", True) if settings.get("enabled", True) is not None else None


def check_start(service: Service, key: str, settings: Mapping[str, Any], place: Place) -> None:
    """A source that is read from a time on needs that time."""
    if settings.get("startingPosition") == "AT_TIMESTAMP" and settings.get("startingPositionTimestamp") is None:
        refuse(service, key, "startingPosition: AT_TIMESTAMP needs a time", place, "set startingPositionTimestamp")


def pollers(service: Service, settings: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """``provisionedPollerConfig`` as a mapping's property; None where it is not set (or of serverless 3 or 4)."""
    written = settings.get("provisionedPollerConfig")
    if not isinstance(written, Mapping) or goes_on_from_v3(service):
        return None
    limits = {
        "MinimumPollers": integer(written.get("minimumPollers")),
        "MaximumPollers": integer(written.get("maximumPollers")),
    }
    return {name: value for name, value in limits.items() if value is not None}


def over_earlier(template: Template, id: str, properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a resource of that id is then: serverless 3 and 4 merge it into one that an earlier event made."""
    before = template.resources.get(id)
    if before is None or not goes_on_from_v3(template.service):
        return properties
    # Whether a source is read is the one property that None stands for when null is written.
    known = {name: value for name, value in properties.items() if value is not None or name == "Enabled"}
    return merge(noded(before.properties, before.place), noded(known, before.place))


def add_mapping(
    template: Template, key: str, id: str, properties: Mapping[str, Any], place: Place, *more: str
) -> None:  # fmt: skip
    """Add an event source mapping for a function; it depends on its role, its alias and ``more``."""
    target = target_of(template.service, key)
    own_role = function_role_id(key)
    if template.roles.get(key) == own_role and not target.alias:
        depends = [own_role]  # serverless-iam-roles-per-function 3.2.0 leaves nothing else
    else:
        depends = [name for name in (_role_id(template.service, key), target.alias_id, *more) if name]
    template.add(
        id, "AWS::Lambda::EventSourceMapping", {"FunctionName": target.arn, **properties}, place, DependsOn=depends
    )


def _role_id(service: Service, key: str) -> str | None:
    """The logical id of a function's role, where it can be told."""
    role = custom_role(service, service.functions[key])
    if not role:
        return SHARED_ROLE
    if is_text(role):
        return None if ":" in str(role) else str(role)
    getter = as_map(role).get("Fn::GetAtt")
    if isinstance(getter, list) and len(getter) == 2 and isinstance(getter[0], str) and getter[1] == "Arn":
        return getter[0]
    return None if any(name in as_map(role) for name in ("Fn::ImportValue", "Ref", "Fn::Sub")) else SHARED_ROLE
