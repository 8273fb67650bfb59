"""The event ``cloudwatchEvent``: a rule of EventBridge's default bus that calls the function.

The framework writes rules as JSON text and reads that again, which a name may show.
Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/cloud-watch-event.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from scopedown.core.finding import Severity
from scopedown.project.serverless.conversions import read_again, string, truthy
from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.targets import add_rule
from scopedown.project.serverless.template import Template


def compile(template: Template) -> None:
    """A rule and its permission for each event, numbered in each function."""
    service = template.service
    for key in service.functions:
        number = 0
        for event in service.events(key):
            settings = event.settings
            if event.kind != "cloudwatchEvent" or not isinstance(settings, Mapping):
                continue
            number += 1
            if sum(truthy(settings.get(name)) for name in ("input", "inputPath", "inputTransformer")) > 1:
                service.tell(
                    "event-inputs", f"a cloudwatchEvent event of {key} has more than one kind of input", event.place,
                    "keep one of input, inputPath and inputTransformer", Severity.ERROR,
                )  # fmt: skip
            name = read_again(string(settings.get("name"))) or None
            add_rule(template, key, f"EventsRuleCloudWatchEvent{number}", name, event.place)


KIND: Final = EventKind("cloudwatchEvent", 160, compile=compile)
