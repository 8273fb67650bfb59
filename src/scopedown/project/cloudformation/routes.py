"""APIs: routes of API Gateway whose integration calls a function: ``http``, ``httpApi`` and ``websocket`` events.

Written as resources of their own (methods, routes) or as an OpenAPI body. Reference:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-method.html,
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from scopedown.core.text import Att, Ref
from scopedown.documents.nodes import as_map, place_of
from scopedown.project.cloudformation.stack import Stack
from scopedown.project.model import DeclaredResource, Event, Tree

Found = Iterator[tuple[str, Event]]
_MAX_PARENTS: Final = 60


def _method(stack: Stack, resource: DeclaredResource) -> Found:
    """A method of a REST API; its path is its resource's part below the parents'."""
    integration = stack.mapping(resource.properties, "Integration", resource.logical_id)
    for id in stack.functions_in(integration.get("Uri")):
        path = _path(stack, resource.properties.get("ResourceId"))
        yield id, Event("http", {"method": resource.properties.get("HttpMethod"), "path": path}, resource.place)


def _path(stack: Stack, tree: Tree) -> str:
    pieces: list[str] = []
    resource = stack.referenced(tree)
    while resource is not None and resource.type == "AWS::ApiGateway::Resource" and len(pieces) < _MAX_PARENTS:
        pieces.insert(0, str(stack.text(resource.properties.get("PathPart"))))
        resource = stack.referenced(resource.properties.get("ParentId"))
    return "/" + "/".join(pieces)


def _route(stack: Stack, resource: DeclaredResource) -> Found:
    """A route of an HTTP or a WebSocket API, by its integration."""
    properties = resource.properties
    for part in stack.text(properties.get("Target")).parts:
        integration = stack.resources.get(part.id) if isinstance(part, Ref | Att) else None
        if integration is not None and integration.type == "AWS::ApiGatewayV2::Integration":
            for id in stack.functions_in(integration.properties.get("IntegrationUri")):
                yield id, _v2(stack, properties.get("ApiId"), properties.get("RouteKey"), resource)


def _v2(stack: Stack, api: Tree, key: Tree, resource: DeclaredResource) -> Event:
    declared = stack.referenced(api)
    if declared is not None and declared.properties.get("ProtocolType") == "WEBSOCKET":
        return Event("websocket", {"route": key}, resource.place)
    method, _, path = str(stack.text(key)).partition(" ")
    return Event("httpApi", {"method": method, "path": path} if path else {"path": key}, resource.place)


def _authorizer(stack: Stack, resource: DeclaredResource) -> Found:
    """A function that authorises requests is called by the API as well."""
    for id in stack.functions_in(resource.properties.get("AuthorizerUri")):
        kind = "http" if resource.type == "AWS::ApiGateway::Authorizer" else "httpApi"
        yield id, Event(kind, {"authorizer": {"Ref": resource.logical_id}}, resource.place)


def _api(stack: Stack, resource: DeclaredResource) -> Found:
    """An API that is written as OpenAPI, or made whole by a target."""
    kind = "http" if resource.type == "AWS::ApiGateway::RestApi" else "httpApi"
    for id in stack.functions_in(resource.properties.get("Target")):
        yield id, _v2(stack, None, resource.properties.get("RouteKey", "$default"), resource)
    body = as_map(resource.properties.get("Body"))
    for path, methods in as_map(body.get("paths")).items():
        for method, operation in as_map(methods).items():
            integration = as_map(as_map(operation).get("x-amazon-apigateway-integration"))
            for id in stack.functions_in(integration.get("uri")):
                place = place_of(methods, method) or resource.place
                verb: Any = "any" if method == "x-amazon-apigateway-any-method" else method
                yield id, Event(kind, {"method": verb, "path": path}, place)


READERS: Final[Mapping[str, Callable[[Stack, DeclaredResource], Found]]] = {
    "AWS::ApiGateway::Method": _method,
    "AWS::ApiGateway::Authorizer": _authorizer,
    "AWS::ApiGateway::RestApi": _api,
    "AWS::ApiGatewayV2::Route": _route,
    "AWS::ApiGatewayV2::Authorizer": _authorizer,
    "AWS::ApiGatewayV2::Api": _api,
}
