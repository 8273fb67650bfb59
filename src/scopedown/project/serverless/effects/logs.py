"""Plugins that change where functions and APIs write their logs, and who reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.nodes import MapNode, as_list, as_map
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.log_groups import log_group_id, log_group_name
from scopedown.project.serverless.names import SHARED_ROLE, normalized
from scopedown.project.serverless.plugin_effects import Effect, Given, nodes
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

_FILE: Final = "effects/logs.yml"


def _log_forwarding(template: Template) -> None:
    """serverless-log-forwarding 4.0.0 (MIT), ``dist/src/index.js``: the logs of functions, sent to one destination.

    It adds the subscriptions to the project's own resources, with a permission for the destination unless they have a
    role.
    """
    service = template.service
    settings = as_map(service.custom.get("logForwarding"))
    target, role, stages = settings.get("destinationARN"), settings.get("roleArn"), settings.get("stages")
    if target is None or (stages and service.stage not in as_list(stages)):
        return
    place = service.place_in(service.custom, "logForwarding")
    if settings.get("createLambdaPermission", True) and not role:
        allowed: dict[str, Any] = {"destination": target, "source": None, "region": service.region}
        template.add_fragment(_FILE, "permission", place, id="LogForwardingLambdaPermission", **allowed)
    for key, function in service.functions.items():
        if as_map(function.get("logForwarding")).get("enabled", True):
            name = normalized(key) if settings.get("normalizedFilterID", True) else key
            values = {"destination": target, "group": log_group_name(service.function_name(key)), "role": role or None}
            template.add_fragment(_FILE, "filter", place, id=f"SubscriptionFilter{name}", **values)


_DAYS: Final = re.compile(r"[0-9]{1,9}")


def _log_retention(service: Service, given: Given) -> None:
    """serverless-plugin-log-retention 2.1.0 (MIT), ``add-log-retention.js``: how long log groups of functions keep
    logs.

    It adds the log groups to ``resources.Resources``, where they are merged into those that the framework makes. A
    service without ``resources`` gets none of them.
    """
    everywhere = service.custom.get("logRetentionInDays")
    for key, function in service.functions.items():
        days = function.get("logRetentionInDays")
        if days is None and not everywhere:
            continue
        group = MapNode({"Type": "AWS::Logs::LogGroup"}, service.place)
        nodes(group, "Properties")["RetentionInDays"] = _number(everywhere if days is None else days)
        resources = nodes(service.resources, "Resources")
        resources[log_group_id(key)] = group
        resources.keys_at[log_group_id(key)] = service.place_in(service.custom, "logRetentionInDays")


def _number(days: Any) -> Any:
    text = js_text(days) if isinstance(days, int | float) else days
    return int(text) if isinstance(text, str) and _DAYS.fullmatch(text) else days


_EXECUTION: Final = "API-Gateway-Execution-Logs_${ApiGatewayRestApi}/"


def _log_subscription(template: Template) -> None:
    """serverless-plugin-log-subscription 2.2.1 (MIT), ``serverless-plugin-log-subscription.js``: logs sent elsewhere.

    ``custom.logSubscription`` is one destination or a list of them; a function's ``logSubscription`` changes it for
    this function. A function that is the destination gets a permission. With ``apiGatewayLogs`` the logs of the REST
    API go there too.
    """
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
        settings, group_id, name = (
            _settings(common, function.get("logSubscription")),
            log_group_id(key),
            normalized(key),
        )
        group = template.all().get(group_id)
        if settings["enabled"] and group is not None:
            permission = (f"{name}LogLambdaPermission", {"Fn::GetAtt": [group_id, "Arn"]})
            place = service.place_in(service.functions, key)
            role, named = settings.get("roleArn"), group.properties.get("LogGroupName")
            _subscribe(template, f"{name}SubscriptionFilter{suffix}", named, settings, permission, place, role)


def _subscribe(
    template: Template, id: str, group: Any, settings: Mapping[str, Any], permission: tuple[str, Any], place: Place,
    role: Any = None,
) -> None:  # fmt: skip
    """Add a subscription, and the permission (its logical id, and the source) where it calls a function."""
    target = settings.get("destinationArn")
    if settings["addLambdaPermission"] and _is_function(template, target):
        name, source = permission
        values = {"destination": target, "source": source, "region": template.service.region}
        template.add_fragment(_FILE, "permission", place, id=name, **values)
    template.add_fragment(_FILE, "filter", place, id=id, destination=target, group=group, role=role)


def _of_api(template: Template, common: Mapping[str, Any], suffix: str) -> None:
    service, settings = template.service, _settings(common)
    logs = as_map(service.provider.get("logs")).get("restApi")
    if not (settings["enabled"] and settings["apiGatewayLogs"] and logs):
        return
    place = service.place_in(service.custom, "logSubscription")
    if as_map(logs).get("accessLogging", True):
        permission: tuple[str, Any] = (
            f"ApiGatewayLogGroupLambdaPermission{suffix}",
            {"Fn::GetAtt": ["ApiGatewayLogGroup", "Arn"]},
        )
        id = f"ApiGatewayAccessLogGroupSubscriptionFilter{suffix}"
        _subscribe(template, id, {"Ref": "ApiGatewayLogGroup"}, settings, permission, place)
    if as_map(logs).get("executionLogging", True):
        name = f"{_EXECUTION}{service.stage}"
        template.add_fragment(_FILE, "execution logs", place, group={"Fn::Sub": name})
        arn = f"arn:aws:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:{name}:*"
        permission = (f"ApiGatewayExecutionLogGroupLambdaPermission{suffix}", {"Fn::Sub": arn})
        id = f"ApiGatewayExecutionLogGroupSubscriptionFilter{suffix}"
        _subscribe(template, id, {"Fn::Sub": name}, settings, permission, place)


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


_SETTINGS: Final = "serverless-logging-config"


def _configure_logging_config(service: Service, given: Given) -> None:
    """serverless-logging-config 1.0.2 (MIT), ``index.js``: one log group for functions, and the format of their logs.

    Functions that are not listed in ``useDefaultLogGroup`` get no log group from the framework; every statement about
    logs of a function's role is extended by the shared one.
    """
    settings = as_map(service.custom.get(_SETTINGS))
    if not settings.get("logGroupName"):
        return
    for key, function in service.functions.items():
        if key not in as_list(settings.get("useDefaultLogGroup")) and isinstance(function, dict):
            function["disableLogs"] = True


def _extend_logging_config(template: Template) -> None:
    settings = as_map(template.service.custom.get(_SETTINGS))
    for id, resource in template.resources.items():
        if resource.type != "AWS::Lambda::Function":
            continue
        depends = as_list(resource.attributes.get("DependsOn"))
        group = template.resources.get(next((str(one) for one in depends if str(one).endswith("LogGroup")), ""))
        is_usual = group is not None and group.type == "AWS::Logs::LogGroup"
        name = None if is_usual else settings.get("logGroupName")
        template.change(id, LoggingConfig={"LogGroup": name} if name else {})


def _finish_logging_config(template: Template) -> None:
    name = as_map(template.service.custom.get(_SETTINGS)).get("logGroupName")
    if not name:
        return
    shared = {"Fn::Sub": f"arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:{name}:*"}
    functions = [one for one in template.resources.values() if one.type == "AWS::Lambda::Function"]
    named = [as_list(as_map(one.properties.get("Role")).get("Fn::GetAtt"))[:1] for one in functions]
    for id in dict.fromkeys([SHARED_ROLE, *(str(one[0]) for one in named if one)]):
        if id in template.resources:
            policies = [
                _widened(as_map(one), shared) for one in as_list(template.resource(id).properties.get("Policies"))
            ]
            template.change(id, Policies=policies)


def _widened(policy: Any, shared: Any) -> dict[str, Any]:
    document = as_map(policy.get("PolicyDocument"))
    statements = [_with(as_map(one), shared) for one in as_list(document.get("Statement"))]
    return {**policy, "PolicyDocument": {**document, "Statement": statements}}


def _with(statement: Any, shared: Any) -> Any:
    if statement.get("Effect") != "Allow":
        return statement
    actions, resources = _listed(statement.get("Action")), _listed(statement.get("Resource"))
    if any(str(action).startswith("logs:") for action in actions) and shared not in resources:
        resources = [*resources, shared]
    return {**statement, "Action": actions, "Resource": resources}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


EFFECTS: Final = {
    "log_forwarding": Effect(extend=_log_forwarding),
    "log_retention": Effect(configure=_log_retention),
    "log_subscription": Effect(extend=_log_subscription),
    "logging_config": Effect(
        configure=_configure_logging_config, extend=_extend_logging_config, finish=_finish_logging_config
    ),
}
