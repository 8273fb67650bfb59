"""The event ``alb``: a rule of an application load balancer's listener that forwards requests to the function.

The load balancer and its listener are another's; the framework makes rules, target groups and permissions.
Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/alb``.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import as_map
from scopedown.project.serverless.conversions import string
from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.alb_rules import Rule, read_rules
from scopedown.project.serverless.events.parts.targets import add_permission, target_of
from scopedown.project.serverless.names import Name, alphanumeric, concat, normalized
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

_PRINCIPAL: Final = "elasticloadbalancing.amazonaws.com"


def compile(template: Template) -> None:
    """Target groups, then rules, then permissions."""
    rules = read_rules(template.service)
    for rule in rules:
        _add_target_group(template, rule)
    for rule in rules:
        id = f"{normalized(rule.function)}AlbListenerRule{string(rule.priority)}"
        pools = [{"AuthenticateCognitoConfig": {"UserPoolArn": pool}} for pool in rule.user_pools]
        properties = {"Actions": pools or None, "ListenerArn": rule.listener, "Priority": rule.priority}
        template.add(id, "AWS::ElasticLoadBalancingV2::ListenerRule", properties, rule.place)
    for rule in rules:
        target, name = target_of(template.service, rule.function), normalized(rule.function)
        group = {"Ref": _group_id(rule)}
        add_permission(template, f"{name}LambdaPermissionAlb", target, _PRINCIPAL, rule.place, SourceArn=group)
        add_permission(template, f"{name}LambdaPermissionRegisterTarget", target, _PRINCIPAL, rule.place)


def _group_id(rule: Rule) -> str:
    balancer = alphanumeric(rule.listener) if rule.balancer is None else rule.balancer
    return f"{normalized(rule.function)}Alb{'MultiValue' if rule.multiple else ''}TargetGroup{balancer}"


def _add_target_group(template: Template, rule: Rule) -> None:
    service = template.service
    properties: dict[str, Any] = {
        "Targets": [{"Id": target_of(service, rule.function).arn}],
        "Name": rule.group_name or _group_name(service, rule),
        "Tags": [{"Key": "Name", "Value": _tag(service, rule)}],
        "TargetGroupAttributes": [{"Key": "lambda.multi_value_headers.enabled", "Value": rule.multiple}],
    }
    template.add(_group_id(rule), "AWS::ElasticLoadBalancingV2::TargetGroup", properties, rule.place)


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


KIND: Final = EventKind("alb", 110, label="ALB", compile=compile)
