"""The event ``alb``: a rule of an application load balancer's listener that forwards requests to the function.

The load balancer and its listener are another's; the framework makes rules, target groups and permissions.
Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/alb``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import as_map
from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.alb_rules import Rule, read_rules
from scopedown.project.serverless.events.parts.conversions import integer, string
from scopedown.project.serverless.events.parts.targets import add_permission, target_of
from scopedown.project.serverless.names import Name, alphanumeric, concat, normalized
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

_HEALTH: Final = {
    "HealthCheckEnabled": True,
    "HealthCheckPath": "/",
    "HealthCheckIntervalSeconds": 35,
    "HealthCheckTimeoutSeconds": 30,
    "HealthyThresholdCount": 5,
    "UnhealthyThresholdCount": 5,
    "Matcher": {"HttpCode": "200"},
}
_HEALTH_SETTINGS: Final = (
    ("intervalSeconds", "HealthCheckIntervalSeconds"),
    ("timeoutSeconds", "HealthCheckTimeoutSeconds"),
    ("healthyThresholdCount", "HealthyThresholdCount"),
    ("unhealthyThresholdCount", "UnhealthyThresholdCount"),
)


def compile(template: Template) -> None:
    """Target groups, then rules, then permissions."""
    rules = read_rules(template.service)
    for rule in rules:
        _add_target_group(template, rule)
    for rule in rules:
        template.add(
            f"{normalized(rule.function)}AlbListenerRule{string(rule.priority)}",
            "AWS::ElasticLoadBalancingV2::ListenerRule",
            {
                "Actions": [*rule.authentication, _forward(rule)],
                "Conditions": rule.conditions,
                "ListenerArn": rule.listener,
                "Priority": rule.priority,
            },
            rule.place,
        )
    for rule in rules:
        target = target_of(template.service, rule.function)
        name, principal = normalized(rule.function), "elasticloadbalancing.amazonaws.com"
        depends = [target.alias_id] if target.alias_id else None
        group = {"Ref": _group_id(rule)}
        add_permission(
            template, f"{name}LambdaPermissionAlb", target, principal, rule.place, depends=depends, SourceArn=group
        )
        add_permission(
            template, f"{name}LambdaPermissionRegisterTarget", target, principal, rule.place, depends=depends
        )


def _forward(rule: Rule) -> dict[str, Any]:
    """The last action of a rule; it has a place in the order where others stand before it."""
    action: dict[str, Any] = {"Type": "forward", "TargetGroupArn": {"Ref": _group_id(rule)}}
    if rule.authentication:
        action["Order"] = len(rule.authentication) + 1
    return action


def _group_id(rule: Rule) -> str:
    balancer = alphanumeric(rule.listener) if rule.balancer is None else rule.balancer
    return f"{normalized(rule.function)}Alb{'MultiValue' if rule.multiple else ''}TargetGroup{balancer}"


def _add_target_group(template: Template, rule: Rule) -> None:
    service = template.service
    target = target_of(service, rule.function)
    permission = f"{normalized(rule.function)}LambdaPermissionRegisterTarget"
    properties = {
        "TargetType": "lambda",
        "Targets": [{"Id": target.arn}],
        "Name": rule.group_name or _group_name(service, rule),
        "Tags": [{"Key": "Name", "Value": _tag(service, rule)}],
        "TargetGroupAttributes": [{"Key": "lambda.multi_value_headers.enabled", "Value": rule.multiple}],
        **_health(rule.health),
    }
    template.add(
        _group_id(rule), "AWS::ElasticLoadBalancingV2::TargetGroup", properties, rule.place,
        DependsOn=[permission, target.alias_id] if target.alias_id else [permission],
    )  # fmt: skip


def _tag(service: Service, rule: Rule, middle: str = "") -> Name:
    """What the framework calls a target group for people."""
    balancer = Text.unknown("the id of the load balancer is unknown") if rule.balancer is None else rule.balancer
    return concat(service.name, f"-{rule.function}-", balancer, f"-{middle}{service.stage}")


def _group_name(service: Service, rule: Rule) -> Name:
    """The prefix and a hash, 32 characters in all."""
    prefix = string(as_map(service.provider.get("alb")).get("targetGroupPrefix")) or ""
    tag = _tag(service, rule, "multi-value-" if rule.multiple else "")
    if not isinstance(tag, str) or not isinstance(prefix, str):
        return concat(prefix, Text.unknown("the name is a hash of unknown values"))
    return (prefix + hashlib.md5(tag.encode(), usedforsecurity=False).hexdigest())[:32]


def _health(written: Any) -> dict[str, Any]:
    """The properties of a health check, which is off where nothing asks for one."""
    if not written and not isinstance(written, Mapping):
        return {"HealthCheckEnabled": False}
    settings = as_map(written)
    properties: dict[str, Any] = dict(_HEALTH)
    if settings.get("path") is not None:
        properties["HealthCheckPath"] = string(settings["path"])
    for setting, name in _HEALTH_SETTINGS:
        value = integer(settings.get(setting))
        if value is not None:
            properties[name] = value
    code = string(as_map(settings.get("matcher")).get("httpCode"))
    if code:
        properties["Matcher"] = {"HttpCode": code}
    return properties


KIND: Final = EventKind("alb", 110, label="ALB", compile=compile)
