"""The event ``alexaSmartHome``: Alexa may call the function, for the smart home skill of that id.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/alexa-smart-home.js``.
"""

from __future__ import annotations

from scopedown.project.serverless.events.alexa_skill import add_skills
from scopedown.project.serverless.template import Template


def compile(template: Template) -> None:
    """A permission for each skill."""
    add_skills(template, "alexaSmartHome", "AlexaSmartHome", "alexa-connectedhome.amazon.com")
