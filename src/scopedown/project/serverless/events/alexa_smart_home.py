"""The event ``alexaSmartHome``: Alexa may call the function, for the smart home skill of that id.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/alexa-smart-home.js``.
"""

from __future__ import annotations

from typing import Final

from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.alexa_skill import add_skills
from scopedown.project.serverless.template import Template


def compile(template: Template) -> None:
    """A permission for each skill."""
    add_skills(template, "alexaSmartHome", "AlexaSmartHome", "alexa-connectedhome.amazon.com")


KIND: Final = EventKind("alexaSmartHome", 130, compile=compile, sample="alexa_smart_home")
