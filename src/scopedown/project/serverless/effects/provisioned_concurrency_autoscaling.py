"""serverless-provisioned-concurrency-autoscaling 2.0.1 (Apache-2.0), ``lib``: scaling of provisioned concurrency.

Functions with ``concurrencyAutoscaling`` get a target, with the role that AWS has for it, and a policy.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.documents.nodes import as_list, as_map
from scopedown.project.serverless.names import spelled
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
    tracked = {"TargetTrackingScalingPolicyConfiguration": {"TargetValue": settings.get("usage", 0.75)}}
    policy = _id(template, key, "AutoScalingPolicy")
    template.add(policy, "AWS::ApplicationAutoScaling::ScalingPolicy", tracked, place)
    properties = {
        "ServiceNamespace": "lambda", "RoleARN": {"Fn::Sub": _ROLE},
        "ScheduledActions": as_list(settings.get("scheduledActions")) or None,
    }  # fmt: skip
    template.add(
        _id(template, key, "AutoScalingTarget"), "AWS::ApplicationAutoScaling::ScalableTarget", properties, place
    )


def _id(template: Template, key: str, what: str) -> str:
    service = template.service
    parts = (spelled(service.name), f"{key}-{what}", service.stage, service.region)
    text = re.sub(r"[^A-Za-z0-9+]+", "", "".join(f"{part[:1].upper()}{part[1:]}" for part in parts))
    return text if len(text) <= 64 else text[:32] + hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


EFFECT: Final = Effect(extend=_extend)
