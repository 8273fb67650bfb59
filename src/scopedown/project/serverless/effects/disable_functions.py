"""serverless-disable-functions 1.0.1: functions with a false ``enabled`` are left out (its documentation, and runs)."""

from __future__ import annotations

from typing import Final

from scopedown.core.text import Text
from scopedown.project.serverless.conversions import truthy
from scopedown.project.serverless.plugin_effects import Effect, Given
from scopedown.project.serverless.service import Service

_PLUGIN: Final = "serverless-disable-functions"


def _configure(service: Service, given: Given) -> None:
    for key, function in list(service.functions.items()):
        enabled = function.get("enabled", True)
        if isinstance(enabled, Text):
            place = service.place_in(function, "enabled")
            service.unread_plugin(_PLUGIN, f"it is not known whether {key} is enabled", place)
        elif not truthy(enabled):
            del service.functions[key]


EFFECT: Final = Effect(configure=_configure)
