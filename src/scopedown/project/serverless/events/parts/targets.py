"""A function as the target of an event: its ARN, its alias, and the permission to call it.

Sources: osls 4.3.1 ``lib/plugins/aws/utils/resolve-lambda-target.js``, and ``initializeTargetAlias`` of
``lib/plugins/aws/package/compile/functions.js``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_map
from scopedown.project.serverless.frameworks import V4
from scopedown.project.serverless.names import function_id, normalized
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

_ALIASES: Final = {
    "durableConfig": ("durable", "DurableLambdaAlias"),
    "provisionedConcurrency": ("provisioned", "ProvConcLambdaAlias"),
    "snapStart": ("snapstart", "SnapStartLambdaAlias"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """What an event calls: ``arn`` (an intrinsic), and the name and the logical id of the alias that it stands for."""

    arn: Any
    alias: str | None = None
    alias_id: str | None = None


def target_of(service: Service, key: str) -> Target:
    """The function of that key, or the alias that calls of it go to. The key may name no function."""
    arn = {"Fn::GetAtt": [function_id(key), "Arn"]}
    function = as_map(service.functions.get(key))
    order = sorted(_ALIASES, key="durableConfig".__eq__) if service.framework == V4 else _ALIASES
    for setting in order:  # v4 gives a durable function the alias of one only where it has no other
        name, suffix = _ALIASES[setting]
        if function.get(setting):
            given = as_map(function[setting]).get("alias")
            if service.framework == V4 and isinstance(given, str) and given and given != name:
                name, suffix = given, f"ProvConc{normalized(given)}LambdaAlias"
            return Target({"Fn::Join": [":", [arn, name]]}, name, f"{normalized(key)}{suffix}")
    return Target(arn)


def add_permission(
    template: Template, id: str, target: Target, principal: Any, place: Place, *,
    action: str = "lambda:InvokeFunction", **more: Any,
) -> None:  # fmt: skip
    """Let ``principal`` call a target: an AWS::Lambda::Permission with ``more`` properties (``SourceArn``, …)."""
    properties = {"FunctionName": target.arn, "Action": action, "Principal": principal, **more}
    template.add(id, "AWS::Lambda::Permission", properties, place)


def add_rule(template: Template, key: str, suffix: str, name: Any, place: Place) -> None:
    """Let a rule of EventBridge call a function: the rule, and the permission."""
    target, prefix = target_of(template.service, key), normalized(key)
    template.add(f"{prefix}{suffix}", "AWS::Events::Rule", {"Name": name, "Targets": [{"Arn": target.arn}]}, place)
    arn = {"Fn::GetAtt": [f"{prefix}{suffix}", "Arn"]}
    add_permission(template, f"{prefix}LambdaPermission{suffix}", target, "events.amazonaws.com", place, SourceArn=arn)


def add_custom(template: Template, id: str, type: str, handler: str, place: Place, **properties: Any) -> None:
    """Add a custom resource that a function of the framework's own answers, by that function's logical id."""
    template.add(id, type, {"ServiceToken": {"Fn::GetAtt": [handler, "Arn"]}, **properties}, place)


def arn_here(service: str, *resource: Any) -> dict[str, Any]:
    """The ARN of something in the stack's own account and region, joined as the framework does.

    ``resource`` begins with a colon.
    """
    here = [{"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}]
    return {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":{service}:", *here, *resource]]}
