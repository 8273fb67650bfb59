"""serverless-sentry 2.5.3 (MIT), ``dist/index.js``: the settings of Sentry's SDK in functions' environments.

``custom.sentry`` holds for every function, unless its ``sentry`` says otherwise. The version of a release may come from
the repository's state, and is not known here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import as_map
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.plugin_effects import Effect, Given, nodes
from scopedown.project.serverless.service import Service

_VARIABLES: Final = {
    "dsn": "SENTRY_DSN",
    "environment": "SENTRY_ENVIRONMENT",
    "autoBreadcrumbs": "SENTRY_AUTO_BREADCRUMBS",
    "sourceMaps": "SENTRY_SOURCEMAPS",
    "filterLocal": "SENTRY_FILTER_LOCAL",
    "captureErrors": "SENTRY_CAPTURE_ERRORS",
    "captureUnhandledRejections": "SENTRY_CAPTURE_UNHANDLED",
    "captureUncaughtException": "SENTRY_CAPTURE_UNCAUGHT",
    "captureMemoryWarnings": "SENTRY_CAPTURE_MEMORY",
    "captureTimeoutWarnings": "SENTRY_CAPTURE_TIMEOUTS",
}


def _configure(service: Service, given: Given) -> None:
    common = as_map(service.custom.get("sentry"))
    if not common.get("dsn") or common.get("enabled") is False:
        return
    for function in service.functions.values():
        own = function.get("sentry")
        if own is False:
            continue
        settings: Mapping[str, Any] = {"environment": service.stage, **common, **as_map(own)}
        environment = nodes(function, "environment")
        for key, variable in _VARIABLES.items():
            if key in settings:
                value = settings[key]
                environment[variable] = value if isinstance(value, Text) else js_text(value)
        if settings.get("release"):
            environment["SENTRY_RELEASE"] = Text.unknown("the plugin makes the name of the release")


EFFECT: Final = Effect(configure=_configure, settings="sentry")
