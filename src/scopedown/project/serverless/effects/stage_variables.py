"""serverless-plugin-stage-variables 1.10.1 (MIT), ``src/index.js``: the stage of the REST API as a resource."""

from __future__ import annotations

from typing import Any, Final

from scopedown.documents.nodes import as_map
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_STAGE: Final = "ApiGatewayStage"


def _finish(template: Template) -> None:
    service = template.service
    for id, resource in template.all().items():
        if resource.type == "AWS::ApiGateway::Deployment":
            kept = {name: value for name, value in resource.properties.items() if name != "StageName"}
            template.put(id, kept)
            properties: dict[str, Any] = {
                "StageName": service.stage,
                "RestApiId": as_map(service.provider.get("apiGateway")).get("restApiId")
                or {"Ref": "ApiGatewayRestApi"},
            }
            if _STAGE in template.all():
                template.change(_STAGE, **properties)
            else:
                template.add(_STAGE, "AWS::ApiGateway::Stage", properties, resource.place)


EFFECT: Final = Effect(finish=_finish)
