"""The methods of an API: what each one calls.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/method/``: ``index.js`` and
``integration.js``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_map
from scopedown.project.serverless.conversions import boolean, string, truthy
from scopedown.project.serverless.events.parts.http_endpoints import REST_API, Endpoint, in_order, rest_api
from scopedown.project.serverless.events.parts.http_paths import Paths
from scopedown.project.serverless.events.parts.targets import target_of
from scopedown.project.serverless.service import Service
from scopedown.project.serverless.template import Template

# Calls from other origins: the OPTIONS method that tells browsers what a path allows.
#
# Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/``: ``validate.js`` (``getCors``) and
# ``cors.js``.


def has_cors(endpoint: Endpoint) -> bool:
    """Whether an endpoint allows calls from other origins."""
    written = endpoint.settings.get("cors")
    return truthy(boolean(endpoint.settings, "cors") if written in ("false", "true") else written)


def compile_cors(template: Template, paths: Paths, endpoints: Iterable[Endpoint]) -> None:
    """Add the OPTIONS method of the path of each endpoint."""
    places: dict[str, Place] = {}
    for endpoint in endpoints:
        places.setdefault(endpoint.path, endpoint.place)
    for path, place in in_order(places):
        properties = {
            "HttpMethod": "OPTIONS", "ResourceId": paths.reference(path), "RestApiId": rest_api(template.service),
        }  # fmt: skip
        template.add(f"ApiGatewayMethod{paths.name(path)}Options", "AWS::ApiGateway::Method", properties, place)


# What API Gateway checks of a request before anything is called: validators and models.
#
# Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/request-validator.js`` and
# ``lib/plugins/aws/lib/naming.js``.


_WORD: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")


def compile_models(template: Template, paths: Paths, endpoints: list[Endpoint], api: Any = None) -> None:
    """Add the service's validator, where a method needs it, and the models of its requests.

    ``api`` is what the provider's models refer to. For the framework that is the template's own API, which it names
    also where there is none.
    """
    service, own = template.service, rest_api(template.service)
    if api is None:
        api = {} if as_map(service.provider.get("apiGateway")).get("restApiId") else {"Ref": REST_API}
    for endpoint in endpoints:
        schemas = as_map(endpoint.request.get("schemas"))
        validator = f"ApiGateway{_capital(re.sub(r'[^0-9A-Za-z]', '', str(service.name)))}RequestValidator"
        if validator not in template.resources and (schemas or endpoint.requires):
            template.add(validator, "AWS::ApiGateway::RequestValidator", {"RestApiId": own}, endpoint.place)
        for content_type, schema in schemas.items():
            words, of_api = _WORD.findall(content_type), own
            id = f"{method_id(paths, endpoint)}{''.join(map(_capital, words))}Model"
            name = as_map(schema).get("name") if truthy(as_map(schema).get("schema")) else None
            if truthy(shared := _shared(service, schema)):
                words, of_api, name = _WORD.findall(str(schema)), api, string(as_map(shared).get("name")) or None
                id = f"ApiGateway{''.join(word.lower().capitalize() for word in words)}Model"
            template.add(id, "AWS::ApiGateway::Model", {"RestApiId": of_api, "Name": name}, endpoint.place)


def _shared(service: Service, schema: Any) -> Any:
    """The provider's schema of that name; None where ``schema`` is none of their names."""
    request = as_map(as_map(service.provider.get("apiGateway")).get("request"))
    name = string(schema)
    return as_map(request.get("schemas")).get(name) if isinstance(name, str) else None


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def method_id(paths: Paths, endpoint: Endpoint) -> str:
    """The logical id of an endpoint's method."""
    name = endpoint.method
    return f"ApiGatewayMethod{paths.name(endpoint.path)}{name[:1].upper()}{name[1:]}"


def compile_method(template: Template, paths: Paths, endpoint: Endpoint) -> None:
    """Add the method of a function's endpoint."""
    calls = endpoint.integration in ("AWS", "AWS_PROXY")
    add_method(template, paths, endpoint, {"Uri": target_of(template.service, endpoint.function).arn} if calls else {})


def add_method(template: Template, paths: Paths, endpoint: Endpoint, integration: Mapping[str, Any]) -> None:
    """Add a method with what it calls, as whom."""
    properties = {
        "HttpMethod": endpoint.method.upper(),
        "ResourceId": paths.reference(endpoint.path),
        "RestApiId": rest_api(template.service),
        "Integration": integration,
    }
    template.add(method_id(paths, endpoint), "AWS::ApiGateway::Method", properties, endpoint.place)
