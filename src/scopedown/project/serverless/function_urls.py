"""URLs of functions, and who may call them.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/functions.js``.
"""

from __future__ import annotations

from typing import Any

from scopedown.documents.nodes import as_map
from scopedown.project.serverless.conversions import truthy
from scopedown.project.serverless.events.parts.targets import target_of
from scopedown.project.serverless.frameworks import V3, V4, condition_beside
from scopedown.project.serverless.names import normalized
from scopedown.project.serverless.template import Template


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
    properties = {"AuthType": kind, "TargetFunctionArn": target.arn}
    template.add(f"{normalized(key)}LambdaFunctionUrl", "AWS::Lambda::Url", properties, place, Condition=condition)
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
            Condition=condition,
        )  # fmt: skip
