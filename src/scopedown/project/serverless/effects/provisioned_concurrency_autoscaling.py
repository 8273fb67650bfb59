"""serverless-provisioned-concurrency-autoscaling 2.0.1 (Apache-2.0), ``lib``: scaling of provisioned concurrency.

Functions with ``concurrencyAutoscaling`` get a target, with the role that AWS has for it, and a policy.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.documents.nodes import as_list, as_map
from scopedown.project.serverless.effects.parts.appsync_sources import without_none
from scopedown.project.serverless.names import concat, normalized, spelled
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_ROLE: Final = (
    "arn:aws:iam::${AWS::AccountId}:role/aws-service-role/lambda.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency"
)


def _extend(template: Template) -> None:
    for key, function in template.service.functions.items():
        written, concurrency = function.get("concurrencyAutoscaling"), function.get("provisionedConcurrency")
        enabled = written is True or as_map(written).get("enabled") is True
        if enabled and isinstance(concurrency, int | float) and concurrency > 0:
            _scaled(template, key, as_map(written))


def _scaled(template: Template, key: str, settings: Mapping[str, Any]) -> None:
    service = template.service
    place = service.place_in(service.functions[key], "concurrencyAutoscaling")
    name, alias = service.function_name(key), settings.get("alias") or "provisioned"
    target, policy = _id(template, key, "AutoScalingTarget"), _id(template, key, "AutoScalingPolicy")
    depends = f"{normalized(key)}ProvConcLambdaAlias"
    scaling = {
        "ScaleInCooldown": settings.get("scaleInCooldown", 0),
        "ScaleOutCooldown": settings.get("scaleOutCooldown", 0),
        "TargetValue": settings.get("usage", 0.75),
    }
    metric: dict[str, Any]
    if settings.get("customMetric"):
        statistic = str(as_map(settings["customMetric"]).get("statistic") or "Maximum")
        resource = {"Name": "Resource", "Value": concat(name, f":{alias}")}
        metric = {"CustomizedMetricSpecification": {
            "Dimensions": [{"Name": "FunctionName", "Value": name}, resource],
            "MetricName": "ProvisionedConcurrencyUtilization", "Namespace": "AWS/Lambda",
            "Statistic": f"{statistic[:1].upper()}{statistic[1:]}", "Unit": "Count",
        }}  # fmt: skip
    else:
        known = {"PredefinedMetricType": "LambdaProvisionedConcurrencyUtilization"}
        metric = {"PredefinedMetricSpecification": known}
    template.add(policy, "AWS::ApplicationAutoScaling::ScalingPolicy", {
        "PolicyName": policy, "PolicyType": "TargetTrackingScaling", "ScalingTargetId": {"Ref": target},
        "TargetTrackingScalingPolicyConfiguration": {**scaling, **metric},
    }, place, DependsOn=[target, depends])  # fmt: skip
    actions = [_action(as_map(one)) for one in as_list(settings.get("scheduledActions"))]
    template.add(target, "AWS::ApplicationAutoScaling::ScalableTarget", {
        "MaxCapacity": settings.get("maximum", 10), "MinCapacity": settings.get("minimum", 1),
        "ResourceId": concat("function:", name, f":{alias}"),
        "ScalableDimension": "lambda:function:ProvisionedConcurrency", "ServiceNamespace": "lambda",
        "RoleARN": {"Fn::Sub": _ROLE}, "ScheduledActions": actions or None,
    }, place, DependsOn=[depends])  # fmt: skip


def _action(written: Mapping[str, Any]) -> dict[str, Any]:
    sizes = as_map(written.get("action"))
    return without_none({
        "EndTime": written.get("endTime"), "StartTime": written.get("startTime"), "Timezone": written.get("timezone"),
        "ScalableTargetAction": without_none(
            {"MaxCapacity": sizes.get("maximum"), "MinCapacity": sizes.get("minimum")}
        ),
        "ScheduledActionName": written.get("name"), "Schedule": written.get("schedule"),
    })  # fmt: skip


def _id(template: Template, key: str, what: str) -> str:
    service = template.service
    parts = (spelled(service.name), f"{key}-{what}", service.stage, service.region)
    text = re.sub(r"[^A-Za-z0-9+]+", "", "".join(f"{part[:1].upper()}{part[1:]}" for part in parts))
    return text if len(text) <= 64 else text[:32] + hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


EFFECT: Final = Effect(extend=_extend)
