"""serverless-reqvalidator-plugin 3.1.0 (MIT), ``src/index.js``: request validators of methods of the REST API."""

from __future__ import annotations

from typing import Any, Final

from scopedown.documents.nodes import as_map
from scopedown.project.serverless.events.parts.http_paths import normalized_path
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template


def _extend(template: Template) -> None:
    for _, event in template.service.events_of("http"):
        settings = as_map(event.settings)
        validator: Any = settings.get("reqValidatorName")
        path, method = settings.get("path"), settings.get("method")
        if not validator or not isinstance(path, str) or not isinstance(method, str):
            continue
        if isinstance(validator, dict):
            value = validator if "Fn::ImportValue" in validator else validator.get("id", validator)
        else:
            value = {"Ref": str(validator)}
        id = f"ApiGatewayMethod{normalized_path(path.strip('/'))}{method.capitalize()}"
        if id in template.resources:
            template.change(id, RequestValidatorId=value)


EFFECT: Final = Effect(extend=_extend)
