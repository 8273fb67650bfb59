"""serverless-aws-documentation 1.1.0 (MIT), ``src``: ``custom.documentation.models`` become models of a REST API.

What it says about methods no permission depends on; its documentation is made by calls after the deployment.
"""

from __future__ import annotations

from typing import Final

from scopedown.documents.nodes import as_list, as_map
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.events.parts.http_endpoints import rest_api
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template


def _extend(template: Template) -> None:
    service = template.service
    written = as_map(service.custom.get("documentation"))
    for model in as_list(written.get("models")):
        name = as_map(model).get("name")
        id = f"{js_text(name, null='undefined')}Model"
        properties = {"RestApiId": rest_api(service), "Name": name}
        template.add(id, "AWS::ApiGateway::Model", properties, service.place_in(written, "models"))


EFFECT: Final = Effect(extend=_extend)
