"""The event ``alexaSkill``: Alexa may call the function, for the skill of that id.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/alexa-skill.js``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from scopedown.project.model import Event
from scopedown.project.serverless.conversions import boolean, changed, string
from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.targets import add_permission, target_of
from scopedown.project.serverless.names import Name, normalized
from scopedown.project.serverless.service import is_text
from scopedown.project.serverless.template import Template


def compile(template: Template) -> None:
    """A permission for each skill."""
    add_skills(template, "alexaSkill", "AlexaSkill", "alexa-appkit.amazon.com")


def add_skills(template: Template, kind: str, suffix: str, principal: str) -> None:
    """Permissions for the events of one kind, numbered in each function."""
    service = template.service
    for key in service.functions:
        number = 0
        for event in service.events(key):
            if event.kind != kind or (token := _token(event)) is None:
                continue
            number += 1
            settings = event.settings
            enabled = not isinstance(settings, Mapping) or boolean(settings, "enabled", True) is not False
            add_permission(
                template, f"{normalized(key)}LambdaPermission{suffix}{number}", target_of(service, key), principal,
                event.place, action="lambda:InvokeFunction" if enabled else "lambda:DisableInvokeFunction",
                EventSourceToken=token,
            )  # fmt: skip


def _token(event: Event) -> Name | None:
    """The skill's id (in it the framework drops ``\\n`` and ``\\r`` that are written out); None where there is none."""
    settings = event.settings
    token = string(settings.get("appId") if isinstance(settings, Mapping) else settings)
    if not is_text(token) or not token:
        return None
    return changed(token, lambda text: re.sub(r"\\n|\\r", "", text))


KIND: Final = EventKind("alexaSkill", 120, compile=compile, told_by_route=True)
