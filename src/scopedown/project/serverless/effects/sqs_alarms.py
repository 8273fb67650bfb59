"""serverless-sqs-alarms-plugin 0.1.7 (MIT), ``src/plugin.js``: alarms for queues that hold too many messages."""

from __future__ import annotations

import re
from typing import Any, Final

from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_TREATMENTS: Final = ("missing", "ignore", "breaching", "notBreaching")


def _extend(template: Template) -> None:
    alarms = template.service.custom.get("sqs-alarms")
    for index, one in enumerate(as_list(alarms)):
        alarm = as_map(one)
        queue, name = str(alarm.get("queue")), alarm.get("name")
        topic = f"arn:aws:sns:{template.service.region}:"
        target = {"Fn::Join": ["", [topic, {"Ref": "AWS::AccountId"}, f":{alarm.get('topic')}"]]}
        treatments = alarm.get("treatMissingData")
        for number, threshold in enumerate(as_list(alarm.get("thresholds"))):
            given = as_map(threshold) or {"value": threshold}
            value = js_text(given.get("value"))
            treatment = treatments
            if isinstance(treatments, list):
                treatment = treatments[number] if number < len(treatments) else None
            properties: dict[str, Any] = {
                "AlarmDescription": f"Alarm if queue contains more than {value} messages",
                "Namespace": given.get("namespace") or "AWS/SQS",
                "MetricName": "ApproximateNumberOfMessagesVisible",
                "Dimensions": [{"Name": "QueueName", "Value": queue}],
                "Statistic": "Sum",
                "Period": given.get("period") or 60,
                "EvaluationPeriods": given.get("evaluationPeriods") or 1,
                "Threshold": given.get("value"),
                "ComparisonOperator": "GreaterThanOrEqualToThreshold",
                "AlarmActions": [target],
                "OKActions": [target],
                "AlarmName": f"{name}-{queue}-{value}" if name else None,
                "TreatMissingData": treatment if treatment in _TREATMENTS else None,
            }
            id = f"{re.sub(r'[^0-9a-zA-Z]', '', queue)}MessageAlarm{value}"
            template.add(id, "AWS::CloudWatch::Alarm", properties, place_of(alarms, index) or template.service.place)


EFFECT: Final = Effect(extend=_extend)
