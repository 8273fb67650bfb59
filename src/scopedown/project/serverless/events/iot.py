"""The event ``iot``: a topic rule of AWS IoT that calls the function.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/iot.js``.
"""

from __future__ import annotations

from typing import Any, Final

from scopedown.documents.nodes import as_map
from scopedown.project.serverless.conversions import one_line, string
from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.targets import add_permission, arn_here, target_of
from scopedown.project.serverless.names import normalized
from scopedown.project.serverless.service import is_text
from scopedown.project.serverless.template import Template


def compile(template: Template) -> None:
    """A rule and its permission for each event, numbered in each function."""
    service = template.service
    for key in service.functions:
        number = 0
        target = target_of(service, key)
        for event in service.events(key):
            settings = as_map(event.settings)
            if event.kind != "iot" or not is_text(string(settings.get("sql"))):
                continue
            number += 1
            rule = f"{normalized(key)}IotTopicRule{number}"
            actions = {"Actions": [{"Lambda": {"FunctionArn": target.arn}}]}
            properties = {"RuleName": _text(settings.get("name")), "TopicRulePayload": actions}
            template.add(rule, "AWS::IoT::TopicRule", properties, event.place)
            source = arn_here("iot", ":rule/", {"Ref": rule})
            id = f"{normalized(key)}LambdaPermissionIotTopicRule{number}"
            add_permission(template, id, target, "iot.amazonaws.com", event.place, SourceArn=source)


def _text(value: Any) -> Any:
    value = string(value)
    return (one_line(value) or None) if is_text(value) else None


KIND: Final = EventKind("iot", 140, compile=compile)
