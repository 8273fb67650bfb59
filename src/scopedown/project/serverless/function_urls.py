"""URLs of functions, and who may call them.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/functions.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.documents.nodes import as_list, as_map
from scopedown.project.serverless.events.parts.conversions import truthy
from scopedown.project.serverless.events.parts.targets import target_of
from scopedown.project.serverless.frameworks import V3, V4, condition_beside
from scopedown.project.serverless.names import normalized
from scopedown.project.serverless.template import Template

_HEADERS: Final = (
    "Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token", "X-Amzn-Trace-Id",
)  # fmt: skip
_LISTS: Final = (
    ("allowedHeaders", "AllowHeaders", _HEADERS),
    ("allowedMethods", "AllowMethods", ("*",)),
    ("allowedOrigins", "AllowOrigins", ("*",)),
)
"""What CORS allows: the setting, the property, and what it is where the setting says nothing."""


def compile_url(template: Template, key: str) -> None:
    """The URL of a function that asks for one, and the permissions to call it where anybody may."""
    service = template.service
    function = service.functions[key]
    url = function.get("url")
    if not truthy(url):
        return
    settings = as_map(url)
    place, condition = service.place_in(function, "url"), condition_beside(service, function)
    kind = "AWS_IAM" if settings.get("authorizer") == "aws_iam" else "NONE"
    target = target_of(service, key)
    id = f"{normalized(key)}LambdaFunctionUrl"
    properties = {
        "AuthType": kind,
        "TargetFunctionArn": target.arn,
        "Cors": _cors(settings["cors"]) if truthy(settings.get("cors")) else None,
        "InvokeMode": "RESPONSE_STREAM" if settings.get("invokeMode") == "RESPONSE_STREAM" else None,
    }
    template.add(id, "AWS::Lambda::Url", properties, place, DependsOn=target.alias_id, Condition=condition)
    output: dict[str, Any] = {"Description": "Lambda Function URL", "Value": {"Fn::GetAtt": [id, "FunctionUrl"]}}
    template.outputs[id] = {**output, "Condition": condition} if condition else output
    if kind != "NONE":
        return
    permissions: list[tuple[str, str, dict[str, Any]]] = [
        ("FnUrl", "lambda:InvokeFunctionUrl", {"FunctionUrlAuthType": kind}),
    ]
    if service.framework != V3:
        permissions.append(
            (
                "FnUrlInvokeFunction" if service.framework == V4 else "Fn",
                "lambda:InvokeFunction",
                {"InvokedViaFunctionUrl": True},
            )
        )
    for suffix, action, more in permissions:
        permission = {"FunctionName": target.arn, "Action": action, "Principal": "*", **more}
        template.add(
            f"{normalized(key)}LambdaPermission{suffix}", "AWS::Lambda::Permission", permission, place,
            DependsOn=target.alias_id, Condition=condition,
        )  # fmt: skip


def _cors(written: Any) -> dict[str, Any]:
    settings = as_map(written)
    cors: dict[str, Any] = {"AllowCredentials": True if settings.get("allowCredentials") else None}
    for setting, name, default in _LISTS:
        given = settings.get(setting)
        removed = isinstance(written, Mapping) and setting in written and given is None
        cors[name] = None if removed else _unique(given) if given else list(default)
    exposed = settings.get("exposedResponseHeaders")
    cors["ExposeHeaders"] = _unique(exposed) if exposed else None
    cors["MaxAge"] = settings.get("maxAge")
    return cors


def _unique(values: Any) -> list[Any]:
    found: list[Any] = []
    for value in as_list(values):
        if value not in found:
            found.append(value)
    return found
