"""serverless-aws-documentation 1.1.0 (MIT), ``src``: models of a REST API, and what its methods say about them.

``custom.documentation.models`` become models; ``documentation`` of an ``http`` event changes its method. The parts of
the documentation itself are made by calls after the deployment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.events.parts.http_endpoints import rest_api
from scopedown.project.serverless.events.parts.http_paths import normalized_path
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_MODEL: Final = re.compile(r"\{\{model:\s*([-\w]+)\}\}")
_DEPTH: Final = 100


def _extend(template: Template) -> None:
    service = template.service
    written = as_map(service.custom.get("documentation"))
    if not written:
        return
    for model in map(as_map, as_list(written.get("models"))):
        _model(template, model, service.place_in(written, "models"))
    for _, event in service.events_of("http"):
        settings = as_map(event.settings)
        documentation = settings.get("documentation")
        path, method = settings.get("path"), settings.get("method")
        if isinstance(documentation, Mapping) and isinstance(path, str) and isinstance(method, str):
            id = f"ApiGatewayMethod{normalized_path(path)}{method[:1].upper()}{method[1:].lower()}"
            if id in template.resources:
                _method(template, id, documentation)
    template.outputs["AwsDocApiId"] = {"Description": "API ID", "Value": rest_api(service)}


def _model(template: Template, model: Mapping[str, Any], place: Place) -> None:
    api, depends = rest_api(template.service), dict[str, None]()

    def referred(value: Any, depth: int = 0) -> Any:
        if depth > _DEPTH:
            return value
        if isinstance(value, list):
            return [referred(one, depth + 1) for one in value]
        if not isinstance(value, Mapping):
            return value
        found = {key: referred(one, depth + 1) for key, one in value.items()}
        match = _MODEL.search(found["$ref"]) if isinstance(found.get("$ref"), str) else None
        if match:
            depends[f"{match[1]}Model"] = None
            parts = ["https://apigateway.amazonaws.com/restapis", api, "models", match[1]]
            found["$ref"] = {"Fn::Join": ["/", parts]}
        return found

    properties = {
        "RestApiId": api, "ContentType": model.get("contentType"), "Name": model.get("name"),
        "Schema": referred(model.get("schema") or {}),
    }  # fmt: skip
    id = f"{js_text(model.get('name'), null='undefined')}Model"
    template.add(id, "AWS::ApiGateway::Model", properties, place, DependsOn=list(depends) or None)


def _method(template: Template, id: str, documentation: Mapping[str, Any]) -> None:
    """What a method says; what it depended on before is gone, as the plugin does it."""
    before = template.resources[id]
    properties, depends = dict(before.properties), list[str]()
    responses = [dict(as_map(one)) for one in as_list(properties.get("MethodResponses"))]
    for response in map(as_map, as_list(documentation.get("methodResponses"))):
        code = js_text(response.get("statusCode"), null="undefined")
        own = next((one for one in responses if js_text(one.get("StatusCode")) == code), None)
        if own is None:
            own = {"StatusCode": code}
            headers = as_list(response.get("responseHeaders"))
            if headers:
                own["ResponseParameters"] = {
                    f"method.response.header.{as_map(one).get('name')}": True for one in headers
                }
            responses.append(own)
        if response.get("responseModels"):
            own["ResponseModels"] = response["responseModels"]
            depends += [f"{name}Model" for name in as_map(response["responseModels"]).values()]
    if documentation.get("methodResponses"):
        properties["MethodResponses"] = responses
    if as_map(documentation.get("requestModels")):
        properties["RequestModels"] = documentation["requestModels"]
        depends += [f"{name}Model" for name in as_map(documentation["requestModels"]).values()]
    parameters = dict(as_map(properties.get("RequestParameters")))
    for key, location in (("requestHeaders", "header"), ("queryParams", "querystring"), ("pathParams", "path")):
        for one in map(as_map, as_list(documentation.get(key))):
            parameters.setdefault(f"method.request.{location}.{one.get('name')}", bool(one.get("required")))
    if parameters:
        properties["RequestParameters"] = parameters
    attributes = {name: value for name, value in before.attributes.items() if name != "DependsOn"}
    ordered = list(dict.fromkeys(depends))
    template.add(id, before.type, properties, before.place, **attributes, DependsOn=ordered or None)


EFFECT: Final = Effect(extend=_extend)
