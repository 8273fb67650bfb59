"""The event ``websocket``: a WebSocket API with a route for each event, and one integration and permission a function.

With ``provider.apiGateway.websocketApiId`` the API is another stack's; routes and a deployment are made in it.
Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/websockets``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.documents.nodes import as_map
from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.event_kinds import EventKind, InRoleOfV4
from scopedown.project.serverless.events.http_api import add_log_group, tags
from scopedown.project.serverless.events.parts.account_role import add_account_role
from scopedown.project.serverless.events.parts.conversions import boolean, string, truthy
from scopedown.project.serverless.events.parts.http_resources import add_resource
from scopedown.project.serverless.events.parts.targets import Target, target_of
from scopedown.project.serverless.events.parts.websocket_events import Route, read_routes
from scopedown.project.serverless.frameworks import goes_on_from_v3
from scopedown.project.serverless.names import concat, function_id, normalized, spelled
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

_API: Final = "WebsocketsApi"
_STAGE: Final = "WebsocketsDeploymentStage"
_DEPLOYMENT: Final = "WebsocketsDeployment"
"""Without the hash of the API's template that the framework puts at its end."""
_LOG_GROUP: Final = "WebsocketsLogGroup"
_LOG_FORMAT: Final = (
    "$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] "
    '"$context.eventType $context.routeKey $context.connectionId" $context.requestId'
)


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """Functions may answer on the connections of the API that the framework makes."""
    if not as_map(service.provider.get("apiGateway")).get("websocketApiId"):
        yield from _answering(service)


def _answering(service: Service) -> Iterator[DeclaredStatement]:
    for _, event in service.events_of("websocket"):
        resource = {"Fn::Sub": "arn:${AWS::Partition}:execute-api:*:*:*/@connections/*"}
        yield allow(("execute-api:ManageConnections",), [resource], event.place)
        return


def compile(template: Template) -> None:
    """The API with everything below it; nothing where no function has the event."""
    routes = read_routes(template.service)
    if not routes:
        return
    given = as_map(template.service.provider.get("apiGateway")).get("websocketApiId") or None
    api = given or {"Ref": _API}
    if given is None:
        _add_api(template, routes)
    for route in routes:
        _add_integration(template, route, api)
    for route in routes:
        _add_route_response(template, route, api)
    for route in routes:
        _add_authorizer(template, route, api)
    for route in routes:
        _add_permissions(template, route, api)
    for route in routes:
        _add_route(template, route, api)
    if given is None:
        _add_stage(template, routes)
    _add_deployment(template, routes, given)


def _description(service: Service) -> Any:
    return string(service.provider.get("websocketsDescription")) or "Serverless Websockets"


def _add_api(template: Template, routes: list[Route]) -> None:
    service = template.service
    name = string(service.provider.get("websocketsApiName"))
    own = as_map(service.provider.get("websocket"))
    tagged = not goes_on_from_v3(service) or boolean(own, "useProviderTags")
    selection = string(service.provider.get("websocketsApiRouteSelectionExpression"))
    properties = {
        "Name": name if is_text(name) and name else concat(f"{service.stage}-", service.name, "-websockets"),
        "RouteSelectionExpression": selection or "$request.body.action",
        "Description": _description(service),
        "ProtocolType": "WEBSOCKET",
        "Tags": tags(service) if tagged else None,
    }
    add_resource(template, _API, "AWS::ApiGatewayV2::Api", properties, routes[0].place)


def _uri(target: Target) -> dict[str, Any]:
    """What API Gateway calls to invoke a function."""
    start = ["arn:", {"Ref": "AWS::Partition"}, ":apigateway:", {"Ref": "AWS::Region"}]
    return {"Fn::Join": ["", [*start, ":lambda:path/2015-03-31/functions/", target.arn, "/invocations"]]}


def _integration(route: Route) -> str:
    return f"{normalized(route.function)}WebsocketsIntegration"


def _add_integration(template: Template, route: Route, api: Any) -> None:
    target = target_of(template.service, route.function)
    properties = {"ApiId": api, "IntegrationType": "AWS_PROXY", "IntegrationUri": _uri(target)}
    add_resource(
        template,
        _integration(route),
        "AWS::ApiGatewayV2::Integration",
        properties,
        route.place,
        DependsOn=target.alias_id,
    )


def _add_route_response(template: Template, route: Route, api: Any) -> None:
    if route.response:
        properties = {"ApiId": api, "RouteId": {"Ref": route.id}, "RouteResponseKey": "$default"}
        add_resource(template, f"{route.id}Response", "AWS::ApiGatewayV2::RouteResponse", properties, route.place)


def _add_authorizer(template: Template, route: Route, api: Any) -> None:
    if (authorizer := route.authorizer) is None:
        return
    properties = {
        "ApiId": api,
        "Name": authorizer.name,
        "AuthorizerType": "REQUEST",
        "AuthorizerUri": _uri(authorizer.target),
        "IdentitySource": authorizer.identity,
    }
    local = target_of(template.service, spelled(authorizer.name))
    id = f"{authorizer.prefix}WebsocketsAuthorizer"
    add_resource(template, id, "AWS::ApiGatewayV2::Authorizer", properties, route.place, DependsOn=local.alias_id)


def _add_permissions(template: Template, route: Route, api: Any) -> None:
    """The API may call the function of a route, and the one that is its authorizer."""
    target = target_of(template.service, route.function)
    depends = [api["Ref"]] if isinstance(api, Mapping) and api.get("Ref") else []
    waits = [*depends, target.alias_id or function_id(route.function)]
    _add_permission(template, normalized(route.function), target, waits, route.place)
    if (authorizer := route.authorizer) is not None:
        also = [id for id in (authorizer.function, authorizer.target.alias_id) if id]
        _add_permission(template, authorizer.prefix, authorizer.target, [*depends, *also], route.place)


def _add_permission(template: Template, prefix: str, target: Target, depends: list[str], place: Place) -> None:
    properties = {
        "FunctionName": target.arn,
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
    }
    id = f"{prefix}LambdaPermissionWebsockets"
    add_resource(template, id, "AWS::Lambda::Permission", properties, place, DependsOn=depends)


def _add_route(template: Template, route: Route, api: Any) -> None:
    properties: dict[str, Any] = {
        "ApiId": api,
        "RouteKey": route.route,
        "AuthorizationType": "NONE",
        "Target": {"Fn::Join": ["/", ["integrations", {"Ref": _integration(route)}]]},
        "RouteResponseSelectionExpression": route.response,
    }
    if route.authorizer is not None:
        properties["AuthorizationType"] = "CUSTOM"
        properties["AuthorizerId"] = {"Ref": f"{route.authorizer.prefix}WebsocketsAuthorizer"}
    add_resource(template, route.id, "AWS::ApiGatewayV2::Route", properties, route.place)


def _add_stage(template: Template, routes: list[Route]) -> None:
    """The stage and, where the provider asks for logs, what they need."""
    service = template.service
    properties: dict[str, Any] = {
        "ApiId": {"Ref": _API},
        "StageName": service.stage,
        "Description": _description(service),
        "DeploymentId": {"Ref": _DEPLOYMENT},
    }
    section = as_map(service.provider.get("logs"))
    wanted = section.get("websocket")
    if not truthy(wanted) or wanted == "false":
        add_resource(template, _STAGE, "AWS::ApiGatewayV2::Stage", properties, routes[0].place)
        return
    logs, place = as_map(wanted), service.place_in(section, "websocket")
    level = (logs.get("level") or "INFO") if boolean(logs, "executionLogging", True) else "OFF"
    if level not in ("INFO", "ERROR", "OFF"):
        service.tell(
            "websocket-log-level", f"the WebSocket API has the unknown log level {string(level)}",
            service.place_in(logs, "level"), "set it to INFO or ERROR", Severity.ERROR,
        )  # fmt: skip
    properties["DefaultRouteSettings"] = {
        "DataTraceEnabled": boolean(logs, "fullExecutionData", True),
        "LoggingLevel": level,
    }
    if boolean(logs, "accessLogging", True):
        group = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${" + _LOG_GROUP + "}"
        properties["AccessLogSettings"] = {
            "DestinationArn": {"Fn::Sub": group},
            "Format": string(logs.get("format")) or _LOG_FORMAT,
        }
    add_resource(template, _STAGE, "AWS::ApiGatewayV2::Stage", properties, routes[0].place)
    add_log_group(template, _LOG_GROUP, concat("/aws/websocket/", service.name, f"-{service.stage}"), place)
    add_account_role(template, place)


def _add_deployment(template: Template, routes: list[Route], given: Any) -> None:
    service = template.service
    depends: list[str] = []
    for route in routes:
        depends += [f"{route.id}Response", route.id] if route.response else [route.id]
    api = given or {"Ref": _API}
    properties = {
        "ApiId": api,
        "Description": _description(service),
        "StageName": service.stage if given is not None else None,
    }
    add_resource(template, _DEPLOYMENT, "AWS::ApiGatewayV2::Deployment", properties, routes[0].place, DependsOn=depends)
    host = [".execute-api.", {"Ref": "AWS::Region"}, ".", {"Ref": "AWS::URLSuffix"}, f"/{service.stage}"]
    template.outputs["ServiceEndpointWebsocket"] = {
        "Description": "URL of the service endpoint",
        "Value": {"Fn::Join": ["", ["wss://", api, *host]]},
    }


KIND: Final = EventKind(
    "websocket",
    40,
    label="WebSocket",
    compile=compile,
    statements=statements,
    changes_all=True,
    in_role_of_v4=InRoleOfV4(1, _answering),
    told_by_route=True,
)
