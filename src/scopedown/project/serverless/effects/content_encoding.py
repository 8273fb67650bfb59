"""serverless-content-encoding 1.1.0 (MIT), ``src/index.js``: from which size on the REST API compresses."""

from __future__ import annotations

from typing import Any, Final

from scopedown.documents.nodes import as_map
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_API: Final = "ApiGatewayRestApi"


def _extend(template: Template) -> None:
    settings = as_map(template.service.custom.get("contentEncoding"))
    size: Any = settings.get("minimumCompressionSize") if settings else 0
    if _API in template.resources:
        template.change(_API, MinimumCompressionSize={"Ref": "AWS::NoValue"} if size is None else size)


EFFECT: Final = Effect(extend=_extend)
