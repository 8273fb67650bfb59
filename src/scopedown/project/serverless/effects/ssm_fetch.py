"""serverless-ssm-fetch 2.0.0, ``dist/serverless-ssm-fetch.js``: parameters of SSM as variables of functions.

``custom.serverlessSsmFetch`` names the variables; a function's ``ssmToEnvironment`` selects some. The plugin reads the
values when the service is packaged, so that functions need no permission for them.
"""

from __future__ import annotations

from typing import Final

from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.serverless.plugin_effects import Effect, Given, nodes
from scopedown.project.serverless.service import Service


def _configure(service: Service, given: Given) -> None:
    names = list(as_map(service.custom.get("serverlessSsmFetch")))
    for function in service.functions.values():
        chosen = function.get("ssmToEnvironment")
        environment = nodes(function, "environment")
        for name in names:
            if chosen is None or name in as_list(chosen):
                reason = "the plugin serverless-ssm-fetch reads the parameter when the service is packaged"
                environment[name] = Text.unknown(reason)


EFFECT: Final = Effect(configure=_configure, settings="serverlessSsmFetch")
