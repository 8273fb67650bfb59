"""serverless-api-compression 1.0.1 (MIT), ``index.js``: from which size on the REST API compresses."""

from __future__ import annotations

from typing import Any, Final

from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_API: Final = "ApiGatewayRestApi"


def _extend(template: Template) -> None:
    size: Any = template.service.custom.get("contentCompression", 0)
    if size is None or size is False:
        size = {"Ref": "AWS::NoValue"}
    elif not isinstance(size, int) or isinstance(size, bool):
        size = 0
    if _API in template.resources:
        template.change(_API, MinimumCompressionSize=size)


EFFECT: Final = Effect(extend=_extend)
