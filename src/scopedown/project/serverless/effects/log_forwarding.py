"""serverless-log-forwarding 4.0.0 (MIT), ``dist/src/index.js``: the logs of functions, sent to one destination.

It adds the subscriptions to the project's own resources, with a permission for the destination unless they have a role.
"""

from __future__ import annotations

from typing import Final

from scopedown.documents.nodes import as_list, as_map
from scopedown.project.serverless.log_groups import log_group_name
from scopedown.project.serverless.names import normalized
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_PERMISSION: Final = "LogForwardingLambdaPermission"


def _extend(template: Template) -> None:
    service = template.service
    settings = as_map(service.custom.get("logForwarding"))
    target, role, stages = settings.get("destinationARN"), settings.get("roleArn"), settings.get("stages")
    if target is None or (stages and service.stage not in as_list(stages)):
        return
    place = service.place_in(service.custom, "logForwarding")
    if settings.get("createLambdaPermission", True) and not role:
        principal = f"logs.{service.region}.amazonaws.com"
        properties = {"FunctionName": target, "Action": "lambda:InvokeFunction", "Principal": principal}
        template.add(_PERMISSION, "AWS::Lambda::Permission", properties, place)
    for key, function in service.functions.items():
        if as_map(function.get("logForwarding")).get("enabled", True):
            name = normalized(key) if settings.get("normalizedFilterID", True) else key
            template.add(f"SubscriptionFilter{name}", "AWS::Logs::SubscriptionFilter", {
                "DestinationArn": target, "LogGroupName": log_group_name(service.function_name(key)),
                "RoleArn": role or None,
            }, place)  # fmt: skip


EFFECT: Final = Effect(extend=_extend)
