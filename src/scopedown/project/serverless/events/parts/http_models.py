"""What API Gateway checks of a request before anything is called: validators and models.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/request-validator.js`` and
``lib/plugins/aws/lib/naming.js``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.documents.nodes import as_map
from scopedown.project.serverless.events.parts.conversions import string, truthy
from scopedown.project.serverless.events.parts.http_endpoints import REST_API, Endpoint, rest_api
from scopedown.project.serverless.events.parts.http_methods import method_id
from scopedown.project.serverless.events.parts.http_paths import Paths
from scopedown.project.serverless.events.parts.http_resources import add_resource
from scopedown.project.serverless.names import concat
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

_WORD: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")


def checked_requests(service: Service, paths: Paths, endpoints: list[Endpoint]) -> dict[str, dict[str, Any]]:
    """The properties that methods get for their requests' checks, by the method's logical id."""
    found: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        schemas = _schemas(endpoint)
        if schemas or any(endpoint.required(name) for name in endpoint.parameters):
            own = found.setdefault(method_id(paths, endpoint), {})
            own["RequestValidatorId"] = {"Ref": validator_id(service)}
            if schemas:
                models = own.setdefault("RequestModels", {})
                for content_type, schema in schemas.items():
                    models[content_type] = {"Ref": _model_id(service, paths, endpoint, content_type, schema)}
    return found


def compile_models(template: Template, paths: Paths, endpoints: list[Endpoint], api: Any = None) -> None:
    """Add the service's validator, where a method needs it, and the models of its requests.

    ``api`` is what the provider's models refer to. For the framework that is the template's own API, which it names
    also where there is none.
    """
    service = template.service
    if api is None:
        api = {} if as_map(service.provider.get("apiGateway")).get("restApiId") else {"Ref": REST_API}
    for endpoint in endpoints:
        schemas = _schemas(endpoint)
        id = validator_id(service)
        if id not in template.resources and (schemas or any(map(endpoint.required, endpoint.parameters))):
            name = concat(service.name, f"-{service.stage} | Validate request body and querystring parameters")
            properties = {
                "RestApiId": rest_api(service),
                "ValidateRequestBody": True,
                "ValidateRequestParameters": True,
                "Name": name,
            }
            add_resource(template, id, "AWS::ApiGateway::RequestValidator", properties, endpoint.place)
        for content_type, schema in schemas.items():
            model = _model_id(service, paths, endpoint, content_type, schema)
            properties = _model(service, content_type, schema, api)
            add_resource(template, model, "AWS::ApiGateway::Model", properties, endpoint.place)


def validator_id(service: Service) -> str:
    """The logical id of a service's one request validator."""
    name = re.sub(r"[^0-9A-Za-z]", "", str(service.name))
    return f"ApiGateway{name[:1].upper()}{name[1:]}RequestValidator"


def _schemas(endpoint: Endpoint) -> Mapping[str, Any]:
    return as_map(endpoint.request.get("schemas"))


def _shared(service: Service, schema: Any) -> Any:
    """The provider's schema of that name; None where ``schema`` is none of their names."""
    request = as_map(as_map(service.provider.get("apiGateway")).get("request"))
    name = string(schema)
    return as_map(request.get("schemas")).get(name) if isinstance(name, str) else None


def _model_id(service: Service, paths: Paths, endpoint: Endpoint, content_type: str, schema: Any) -> str:
    if truthy(_shared(service, schema)):
        first, *others = _WORD.findall(str(schema)) or [""]
        name = first.lower() + "".join(word.lower().capitalize() for word in others)
        return f"ApiGateway{name[:1].upper()}{name[1:]}Model"
    words = "".join(word[:1].upper() + word[1:] for word in _WORD.findall(content_type))
    return f"{method_id(paths, endpoint)}{words}Model"


def _model(service: Service, content_type: str, schema: Any, api: Any) -> dict[str, Any]:
    shared = _shared(service, schema)
    if truthy(shared):
        own = as_map(shared)
        return {
            "RestApiId": api,
            "Schema": own.get("schema") or shared,
            "ContentType": "application/json",
            "Name": string(own.get("name")) or None,
            "Description": string(own.get("description")) or None,
        }
    named = as_map(schema)
    found: dict[str, Any] = {"RestApiId": rest_api(service), "ContentType": content_type, "Schema": schema}
    if truthy(named.get("schema")):
        found |= {"Schema": named["schema"], "Name": named.get("name"), "Description": named.get("description")}
    elif not isinstance(schema, Mapping | list) and not is_text(schema):
        found["Schema"] = string(schema)
    return found
