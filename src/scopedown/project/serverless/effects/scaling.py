"""Plugins that scale tables and provisioned concurrency."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.project.serverless.names import spelled
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.policies import allowed, policy, trust
from scopedown.project.serverless.template import Template

_ALARMS: Final = [
    f"cloudwatch:{name}"
    for name in ("PutMetricAlarm", "DescribeAlarms", "DeleteAlarms", "GetMetricStatistics", "SetAlarmState")
]
_TABLES: Final = ["dynamodb:DescribeTable", "dynamodb:UpdateTable"]


def _dynamodb_autoscaling(template: Template) -> None:
    """serverless-dynamodb-autoscaling 0.6.2 (MIT), ``dist/plugin.js``: scaling of tables and indexes, and a role for
    each.

    ``custom.capacities`` lists tables (logical ids) with ``read`` and ``write``, and ``index``, ``indexOnly``.
    """
    capacities = template.service.custom.get("capacities")
    for index, one in enumerate(as_list(capacities)):
        settings = as_map(one)
        place = place_of(capacities, index) or template.service.place
        tables = settings.get("table")
        if settings.get("read") or settings.get("write"):
            for table in tables if isinstance(tables, list) else [tables]:
                _table(template, str(table), settings, place)


def _table(template: Template, table: str, settings: Mapping[str, Any], place: Place) -> None:
    written = settings.get("index")
    indexes = [str(one) for one in (written if isinstance(written, list) else [written] if written else [])]
    for index in [*([] if settings.get("indexOnly") else [""]), *indexes]:
        _tables_scaled(template, table, index, settings, place)


def _tables_scaled(template: Template, table: str, index: str, settings: Mapping[str, Any], place: Place) -> None:
    """The role, then a policy and a target for each direction."""
    service = template.service
    end = "".join(part[:1].upper() + part[1:] for part in (table, index, service.stage, service.region))

    def id(what: str) -> str:
        text = re.sub(r"[^A-Za-z0-9+]+", "", f"{spelled(service.name)}{what}{end}")
        return text if len(text) <= 64 else text[:32] + hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    arn = ["arn:aws:dynamodb:*:", {"Ref": "AWS::AccountId"}, ":table/", {"Ref": table}]
    statements = [allowed(_ALARMS, "*"), allowed(_TABLES, {"Fn::Join": ["", arn]})]
    role = id("DynamoDBAutoscaleRole")
    template.add(role, "AWS::IAM::Role", {
        "AssumeRolePolicyDocument": trust("application-autoscaling.amazonaws.com"),
        "Policies": [policy(id("DynamoDBAutoscalePolicy"), *statements)],
        "RoleName": role,
    }, place)  # fmt: skip
    for direction in ("Read", "Write"):
        if settings.get(direction.lower()):
            tracked = {"TargetTrackingScalingPolicyConfiguration": {"ScalingTargetId": role}}
            scaling, target = id(f"TableScalingPolicy-{direction}"), id(f"AutoScalingTarget-{direction}")
            template.add(scaling, "AWS::ApplicationAutoScaling::ScalingPolicy", tracked, place)
            properties = {"RoleARN": {"Fn::GetAtt": [role, "Arn"]}, "ServiceNamespace": "dynamodb"}
            template.add(target, "AWS::ApplicationAutoScaling::ScalableTarget", properties, place)


_ROLE: Final = (
    "arn:aws:iam::${AWS::AccountId}:role/aws-service-role/lambda.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency"
)


def _provisioned_concurrency_autoscaling(template: Template) -> None:
    """serverless-provisioned-concurrency-autoscaling 2.0.1 (Apache-2.0), ``lib``: scaling of provisioned concurrency.

    Functions with ``concurrencyAutoscaling`` get a target, with the role that AWS has for it, and a policy.
    """
    for key, function in template.service.functions.items():
        written, concurrency = function.get("concurrencyAutoscaling"), function.get("provisionedConcurrency")
        enabled = written is True or as_map(written).get("enabled") is True
        if enabled and isinstance(concurrency, int | float) and concurrency > 0:
            _concurrency_scaled(template, key, as_map(written))


def _concurrency_scaled(template: Template, key: str, settings: Mapping[str, Any]) -> None:
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


EFFECTS: Final = {
    "dynamodb_autoscaling": Effect(extend=_dynamodb_autoscaling),
    "provisioned_concurrency_autoscaling": Effect(extend=_provisioned_concurrency_autoscaling),
}
