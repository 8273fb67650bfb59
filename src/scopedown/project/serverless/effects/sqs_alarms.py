"""serverless-sqs-alarms-plugin 0.1.7 (MIT), ``src/plugin.js``: alarms for queues that hold too many messages."""

from __future__ import annotations

import re
from typing import Any, Final

from scopedown.documents.nodes import as_list, as_map, place_of
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template


def _extend(template: Template) -> None:
    alarms = template.service.custom.get("sqs-alarms")
    for index, one in enumerate(as_list(alarms)):
        alarm = as_map(one)
        queue, name = str(alarm.get("queue")), alarm.get("name")
        topic = f"arn:aws:sns:{template.service.region}:"
        target = {"Fn::Join": ["", [topic, {"Ref": "AWS::AccountId"}, f":{alarm.get('topic')}"]]}
        for threshold in as_list(alarm.get("thresholds")):
            value = js_text((as_map(threshold) or {"value": threshold}).get("value"))
            properties: dict[str, Any] = {
                "AlarmActions": [target], "OKActions": [target],
                "AlarmName": f"{name}-{queue}-{value}" if name else None,
            }  # fmt: skip
            id = f"{re.sub(r'[^0-9a-zA-Z]', '', queue)}MessageAlarm{value}"
            template.add(id, "AWS::CloudWatch::Alarm", properties, place_of(alarms, index) or template.service.place)


EFFECT: Final = Effect(extend=_extend)
