"""The event ``websocket``: a WebSocket API with a route for each event, and one integration and permission a function.

With ``provider.apiGateway.websocketApiId`` the API is another stack's; routes and a deployment are made in it.
Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/websockets``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.documents.nodes import as_map
from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.conversions import boolean, string, truthy
from scopedown.project.serverless.event_kinds import EventKind, InRoleOfV4
from scopedown.project.serverless.events.http_api import tags
from scopedown.project.serverless.events.parts.http_stage import add_account_role
from scopedown.project.serverless.events.parts.source_mapping import last_name
from scopedown.project.serverless.events.parts.targets import Target, add_permission, target_of
from scopedown.project.serverless.frameworks import goes_on_from_v3
from scopedown.project.serverless.log_groups import add_log_group
from scopedown.project.serverless.names import Name, concat, normalized, spelled
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

# The events ``websocket`` of a service, read: routes, the functions behind them, and their authorizers.
#
# Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/websockets/lib/validate.js``.


@dataclass(frozen=True, slots=True)
class Authorizer:
    """What decides about a connection; ``target`` is what is called."""

    name: Name
    target: Target

    @property
    def prefix(self) -> str:
        """What its logical ids begin with."""
        return normalized(spelled(self.name))


@dataclass(frozen=True, slots=True)
class Route:
    """One event of a function."""

    function: str
    route: Name
    has_response: bool
    authorizer: Authorizer | None
    place: Place

    @property
    def id(self) -> str:
        """The logical id of the route.

        >>> Route("f", "$connect", False, None, Place("")).id
        'SconnectWebsocketsRoute'
        """
        key = spelled(self.route)
        for character, word in (("$", "S"), ("/", "Slash"), ("-", "Dash"), ("_", "Underscore"), (".", "Period")):
            key = key.replace(character, word)
        return f"{key}WebsocketsRoute"


def read_routes(service: Service) -> list[Route]:
    """All routes, in order; what the framework refuses is told and left out."""
    return list(_routes(service))


def _routes(service: Service) -> Iterator[Route]:
    for key in service.functions:
        for event in service.events(key):
            if event.kind != "websocket":
                continue
            settings = event.settings if isinstance(event.settings, Mapping) else {"route": event.settings}
            route = string(settings.get("route"))
            if not is_text(route) or not route:
                if isinstance(event.settings, Mapping) and settings.get("route") in (None, ""):
                    service.tell(
                        "websocket-route-invalid", f"a websocket event of {key} has no route", event.place,
                        "write the route's key, for instance $connect", Severity.ERROR,
                    )  # fmt: skip
                continue
            has_response = bool(settings.get("routeResponseSelectionExpression"))
            authorizer = _authorizer(service, key, settings.get("authorizer"), event.place)
            yield Route(key, route, has_response, authorizer, event.place)


def _authorizer(service: Service, key: str, written: Any, place: Place) -> Authorizer | None:
    """The authorizer of an event: an ARN or a function of the service, alone or under ``arn`` or ``name``."""
    arn: Any = None
    name: Any = None
    if isinstance(written, Mapping):
        arn, name = written.get("arn"), string(written.get("name"))
    elif is_text(written) and ":" in str(written):
        arn = written
    else:
        name = string(written)
    if arn:
        if is_text(arn):
            return Authorizer(last_name(arn, ":"), Target(arn))
        if isinstance(name, str) and name:
            return Authorizer(name, Target(arn))
    elif isinstance(name, str) and name in service.functions:
        return Authorizer(name, target_of(service, name))
    if arn or is_text(name):
        service.tell(
            "websocket-authorizer-invalid", f"the authorizer of {key} is neither a function of this service nor an ARN",
            place,
            "set name to a function's key; an arn that is an intrinsic function needs a name too", Severity.ERROR,
        )  # fmt: skip
    return None


_API: Final = "WebsocketsApi"
_STAGE: Final = "WebsocketsDeploymentStage"
_DEPLOYMENT: Final = "WebsocketsDeployment"
"""Without the hash of the API's template that the framework puts at its end."""
_LOG_GROUP: Final = "WebsocketsLogGroup"


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
        _add_permissions(template, route)
    for route in routes:
        template.add(route.id, "AWS::ApiGatewayV2::Route", {"ApiId": api}, route.place)
    if given is None:
        _add_stage(template, routes)
    template.add(_DEPLOYMENT, "AWS::ApiGatewayV2::Deployment", {"ApiId": api}, routes[0].place)


def _add_api(template: Template, routes: list[Route]) -> None:
    service = template.service
    tagged = not goes_on_from_v3(service) or boolean(as_map(service.provider.get("websocket")), "useProviderTags")
    properties = {"ProtocolType": "WEBSOCKET", "Tags": tags(service) if tagged else None}
    template.add(_API, "AWS::ApiGatewayV2::Api", properties, routes[0].place)


def _add_integration(template: Template, route: Route, api: Any) -> None:
    id = f"{normalized(route.function)}WebsocketsIntegration"
    properties = {"ApiId": api, "IntegrationUri": target_of(template.service, route.function).arn}
    template.add(id, "AWS::ApiGatewayV2::Integration", properties, route.place)


def _add_route_response(template: Template, route: Route, api: Any) -> None:
    if route.has_response:
        properties = {"ApiId": api, "RouteId": {"Ref": route.id}}
        template.add(f"{route.id}Response", "AWS::ApiGatewayV2::RouteResponse", properties, route.place)


def _add_authorizer(template: Template, route: Route, api: Any) -> None:
    if route.authorizer is not None:
        properties = {"ApiId": api, "AuthorizerUri": route.authorizer.target.arn}
        id = f"{route.authorizer.prefix}WebsocketsAuthorizer"
        template.add(id, "AWS::ApiGatewayV2::Authorizer", properties, route.place)


def _add_permissions(template: Template, route: Route) -> None:
    """The API may call the function of a route, and the one that is its authorizer."""
    called = [(normalized(route.function), target_of(template.service, route.function))]
    if (authorizer := route.authorizer) is not None:
        called.append((authorizer.prefix, authorizer.target))
    for prefix, target in called:
        add_permission(template, f"{prefix}LambdaPermissionWebsockets", target, "apigateway.amazonaws.com", route.place)


def _add_stage(template: Template, routes: list[Route]) -> None:
    """The stage and, where the provider asks for logs, what they need."""
    service = template.service
    properties: dict[str, Any] = {"ApiId": {"Ref": _API}, "StageName": service.stage}
    section = as_map(service.provider.get("logs"))
    wanted = section.get("websocket")
    if not truthy(wanted) or wanted == "false":
        template.add(_STAGE, "AWS::ApiGatewayV2::Stage", properties, routes[0].place)
        return
    logs, place = as_map(wanted), service.place_in(section, "websocket")
    level = (logs.get("level") or "INFO") if boolean(logs, "executionLogging", True) else "OFF"
    if level not in ("INFO", "ERROR", "OFF"):
        service.tell(
            "websocket-log-level", f"the WebSocket API has the unknown log level {string(level)}",
            service.place_in(logs, "level"), "set it to INFO or ERROR", Severity.ERROR,
        )  # fmt: skip
    if boolean(logs, "accessLogging", True):
        group = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${" + _LOG_GROUP + "}"
        properties["AccessLogSettings"] = {"DestinationArn": {"Fn::Sub": group}}
    template.add(_STAGE, "AWS::ApiGatewayV2::Stage", properties, routes[0].place)
    add_log_group(template, _LOG_GROUP, concat("/aws/websocket/", service.name, f"-{service.stage}"), place)
    add_account_role(template, place)


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
