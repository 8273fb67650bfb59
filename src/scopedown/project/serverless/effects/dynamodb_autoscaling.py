"""serverless-dynamodb-autoscaling 0.6.2 (MIT), ``dist/plugin.js``: scaling of tables and indexes, and a role for each.

``custom.capacities`` lists tables (logical ids) with ``read`` and ``write``, and ``index``, ``indexOnly``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.project.serverless.names import spelled
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_ALARMS: Final = [
    f"cloudwatch:{name}"
    for name in ("PutMetricAlarm", "DescribeAlarms", "DeleteAlarms", "GetMetricStatistics", "SetAlarmState")
]
_TABLES: Final = ["dynamodb:DescribeTable", "dynamodb:UpdateTable"]


def _extend(template: Template) -> None:
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
        _scaled(template, table, index, settings, place)


def _scaled(template: Template, table: str, index: str, settings: Mapping[str, Any], place: Place) -> None:
    """The role, then a policy and a target for each direction."""
    service = template.service
    end = "".join(part[:1].upper() + part[1:] for part in (table, index, service.stage, service.region))

    def id(what: str) -> str:
        text = re.sub(r"[^A-Za-z0-9+]+", "", f"{spelled(service.name)}{what}{end}")
        return text if len(text) <= 64 else text[:32] + hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    arn = ["arn:aws:dynamodb:*:", {"Ref": "AWS::AccountId"}, ":table/", {"Ref": table}]
    statements = [
        {"Effect": "Allow", "Action": _ALARMS, "Resource": "*"},
        {"Effect": "Allow", "Action": _TABLES, "Resource": {"Fn::Join": ["", arn]}},
    ]
    trusted = {"Service": "application-autoscaling.amazonaws.com"}
    role = id("DynamoDBAutoscaleRole")
    template.add(role, "AWS::IAM::Role", {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}],
        },
        "Policies": [{
            "PolicyName": id("DynamoDBAutoscalePolicy"),
            "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
        }],
        "RoleName": role,
    }, place)  # fmt: skip
    for direction in ("Read", "Write"):
        if settings.get(direction.lower()):
            tracked = {"TargetTrackingScalingPolicyConfiguration": {"ScalingTargetId": role}}
            policy, target = id(f"TableScalingPolicy-{direction}"), id(f"AutoScalingTarget-{direction}")
            template.add(policy, "AWS::ApplicationAutoScaling::ScalingPolicy", tracked, place)
            properties = {"RoleARN": {"Fn::GetAtt": [role, "Arn"]}, "ServiceNamespace": "dynamodb"}
            template.add(target, "AWS::ApplicationAutoScaling::ScalableTarget", properties, place)


EFFECT: Final = Effect(extend=_extend)
