"""serverless-plugin-log-subscription 2.2.1 (MIT), ``serverless-plugin-log-subscription.js``: logs sent elsewhere.

``custom.logSubscription`` is one destination or a list of them; a function's ``logSubscription`` changes it for this
function. A function that is the destination gets a permission. With ``apiGatewayLogs`` the logs of the REST API go
there too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import as_map
from scopedown.project.serverless.log_groups import log_group_id
from scopedown.project.serverless.names import normalized
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_FILTER: Final = "AWS::Logs::SubscriptionFilter"
_PERMISSION: Final = "AWS::Lambda::Permission"
_EXECUTION: Final = "API-Gateway-Execution-Logs_${ApiGatewayRestApi}/"


def _extend(template: Template) -> None:
    written = template.service.custom.get("logSubscription")
    several = written if isinstance(written, list) else [written]
    for index, one in enumerate(several):
        suffix = str(index) if isinstance(written, list) else ""
        _of_functions(template, as_map(one), suffix)
        _of_api(template, as_map(one), suffix)


def _settings(common: Mapping[str, Any], own: Any = None) -> dict[str, Any]:
    usual = {"enabled": False, "addLambdaPermission": True, "apiGatewayLogs": False}
    changed = dict(own) if isinstance(own, Mapping) else {} if own is None else {"enabled": bool(own)}
    return {**usual, **common, **changed}


def _of_functions(template: Template, common: Mapping[str, Any], suffix: str) -> None:
    service = template.service
    for key, function in service.functions.items():
        settings = _settings(common, function.get("logSubscription"))
        group = template.all().get(log_group_id(key))
        if not settings["enabled"] or group is None:
            continue
        target, place = settings.get("destinationArn"), service.place_in(service.functions, key)
        if settings["addLambdaPermission"] and _is_function(template, target):
            permission = f"{normalized(key)}LogLambdaPermission"
            source = {"Fn::GetAtt": [log_group_id(key), "Arn"]}
            template.add(permission, _PERMISSION, _permission(template, target, source), place)
        properties = {
            "DestinationArn": target,
            "LogGroupName": group.properties.get("LogGroupName"),
            "RoleArn": settings.get("roleArn"),
        }
        id = f"{normalized(key)}SubscriptionFilter{suffix}"
        template.add(id, _FILTER, properties, place)


def _permission(template: Template, target: Any, source: Any) -> dict[str, Any]:
    return {
        "Action": "lambda:InvokeFunction", "FunctionName": target,
        "Principal": f"logs.{template.service.region}.amazonaws.com", "SourceArn": source,
    }  # fmt: skip


def _of_api(template: Template, common: Mapping[str, Any], suffix: str) -> None:
    service, settings = template.service, _settings(common)
    logs = as_map(service.provider.get("logs")).get("restApi")
    if not (settings["enabled"] and settings["apiGatewayLogs"] and logs):
        return
    target, place, stage = (
        settings.get("destinationArn"),
        service.place_in(service.custom, "logSubscription"),
        service.stage,
    )
    called = settings["addLambdaPermission"] and _is_function(template, target)
    if as_map(logs).get("accessLogging", True):
        allowed = f"ApiGatewayLogGroupLambdaPermission{suffix}"
        if called:
            source = {"Fn::GetAtt": ["ApiGatewayLogGroup", "Arn"]}
            template.add(allowed, _PERMISSION, _permission(template, target, source), place)
        properties = {"DestinationArn": target, "LogGroupName": {"Ref": "ApiGatewayLogGroup"}}
        template.add(f"ApiGatewayAccessLogGroupSubscriptionFilter{suffix}", _FILTER, properties, place)
    if as_map(logs).get("executionLogging", True):
        name = {"Fn::Sub": f"{_EXECUTION}{stage}"}
        template.add(
            "ApiGatewayExecutionLogGroup", "AWS::Logs::LogGroup", {"LogGroupName": name}, place, DeletionPolicy="Retain"
        )
        if called:
            arn = f"arn:aws:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:{_EXECUTION}{stage}:*"
            template.add(
                f"ApiGatewayExecutionLogGroupLambdaPermission{suffix}", _PERMISSION,
                _permission(template, target, {"Fn::Sub": arn}), place,
            )  # fmt: skip
        properties = {"DestinationArn": target, "LogGroupName": name}
        template.add(f"ApiGatewayExecutionLogGroupSubscriptionFilter{suffix}", _FILTER, properties, place)


def _id(target: Any) -> str | None:
    """The logical id that a destination refers to."""
    found = as_map(target)
    attribute = found.get("Fn::GetAtt")
    if isinstance(attribute, list) and len(attribute) == 2 and str(attribute[1]).lower() == "arn":
        return str(attribute[0])
    reference = found.get("Ref")
    return reference if isinstance(reference, str) else None


def _is_function(template: Template, target: Any) -> bool:
    if isinstance(target, str | Text):
        return str(target).startswith("arn:aws:lambda")
    resource = template.resources.get(_id(target) or "")
    return resource is not None and resource.type == "AWS::Lambda::Function"


EFFECT: Final = Effect(extend=_extend)
