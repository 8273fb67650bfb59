"""serverless-plugin-conditional-functions 1.0.8 (ISC), ``index.js``: functions whose ``enabled`` is false are left out.

``enabled`` is an expression of JavaScript in a string. A function is kept where it gives an error.
"""

from __future__ import annotations

from typing import Final

from scopedown.project.serverless.conditions import holds
from scopedown.project.serverless.plugin_effects import Effect, Given
from scopedown.project.serverless.service import Service

_PLUGIN: Final = "serverless-plugin-conditional-functions"


def _configure(service: Service, given: Given) -> None:
    for key, function in list(service.functions.items()):
        condition = function.get("enabled")
        if not condition:
            continue
        known = holds(condition, given)
        if known is False:
            del service.functions[key]
        elif known is None:
            place = service.place_in(function, "enabled")
            service.unread_plugin(_PLUGIN, f"the condition of {key} is not known", place)


EFFECT: Final = Effect(configure=_configure)
