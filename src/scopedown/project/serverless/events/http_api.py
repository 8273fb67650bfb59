"""The event ``httpApi``: an HTTP API with a route for each event, and one integration and permission a function.

With ``provider.httpApi.id`` the API (its stage, logs, CORS, authorizers) is another stack's, and only routes are made.
Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/http-api.js``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.core.text import Literal, Text
from scopedown.documents.nodes import as_map
from scopedown.project.model import Event
from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.conversions import (
    boolean,
    integer,
    items,
    json_text,
    string,
    truthy,
    unique,
)
from scopedown.project.serverless.events.parts.http_api_authorizers import (
    Authorizer,
    add_authorizers,
    read_authorizers,
    read_route_authorizer,
)
from scopedown.project.serverless.events.parts.http_paths import normalized_path
from scopedown.project.serverless.events.parts.targets import add_permission, arn_here, target_of
from scopedown.project.serverless.frameworks import goes_on_from_v3
from scopedown.project.serverless.names import Name, concat, normalized, spelled
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

API: Final = "HttpApi"
_LOG_GROUP: Final = "HttpApiLogGroup"
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "OPTIONS", "HEAD", "DELETE")
_ROUTE: Final = re.compile(rf"(ANY|{'|'.join(_METHODS)}) (/\S*)\Z", re.IGNORECASE)
_HEADERS: Final = (
    "Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token", "X-Amz-User-Agent",
    "X-Amzn-Trace-Id",
)  # fmt: skip
_LOG_FORMAT: Final = {
    "requestId": "$context.requestId", "ip": "$context.identity.sourceIp", "requestTime": "$context.requestTime",
    "httpMethod": "$context.httpMethod", "routeKey": "$context.routeKey", "status": "$context.status",
    "protocol": "$context.protocol", "responseLength": "$context.responseLength",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Route:
    """One event: ``key`` is ``METHOD /path`` or ``*``."""

    key: Name
    method: str
    function: str
    event: Event
    authorizer: Authorizer | None


def compile(template: Template) -> None:
    """The API with everything below it; nothing where no function has the event."""
    service = template.service
    settings = as_map(service.provider.get("httpApi"))
    given = settings.get("id") or None
    authorizers = read_authorizers(service, settings)
    routes = _routes(service, authorizers, external=given is not None)
    if not routes:
        return
    api = given or {"Ref": API}
    place = next(iter(routes.values())).event.place
    if given is None:
        _add_api(template, settings, [route.method for route in routes.values()], place)
        _add_stage(template, settings, place)
    else:
        _refuse_for_external(service, settings)
    add_authorizers(template, authorizers, api)
    for id, route in routes.items():
        _add_route(template, settings, id, route, api)


# Routes


def _routes(service: Service, authorizers: Mapping[str, Authorizer], *, external: bool) -> dict[str, _Route]:
    """All routes by logical id; what the framework refuses is told and left out."""
    found: dict[str, _Route] = {}
    for key in service.functions:
        for event in service.events(key):
            if event.kind != "httpApi" or not truthy(event.settings):
                continue
            read = _route_key(event.settings)
            if read is None:
                written = as_map(event.settings).values() if isinstance(event.settings, Mapping) else [event.settings]
                if not any(isinstance(value, list) for value in written):  # told with all values of a wrong type
                    service.tell(
                        "http-api-route-invalid", f"an httpApi event of {key} is not a METHOD and a path", event.place,
                        "write METHOD /path, or '*' alone", Severity.ERROR,
                    )  # fmt: skip
                continue
            method, route_key = read
            id = f"HttpApiRoute{'Default' if route_key == '*' else normalized_path(spelled(route_key))}"
            if id in found and route_key != "*" and route_key == found[id].key:
                service.tell(
                    "http-api-route-twice", f"{key} declares the route {route_key}, which already exists", event.place,
                    "declare each route once", Severity.ERROR,
                )  # fmt: skip
                continue
            wanted = event.settings.get("authorizer") if isinstance(event.settings, Mapping) else None
            authorizer = read_route_authorizer(service, key, wanted, authorizers, event.place, external=external)
            found[id] = _Route(route_key, method, key, event, authorizer)
    return found


def _route_key(settings: Any) -> tuple[str, Name] | None:
    """The method of an event (empty: not known), and the key of its route; None where it is no route."""
    if not isinstance(settings, Mapping):
        written = string(settings)
        if not is_text(written):
            return None
        if written == "*":
            return "ANY", "*"
        matched = _ROUTE.match(str(written))
        if matched is None:
            return ("", written) if isinstance(written, Text) else None
        method, path = matched[1].upper(), _without(written, len(matched[1]) + 1)
        return (method, concat(f"{method} ", path)) if path is not None else None
    path = string(settings.get("path"))
    method = string(settings.get("method"))
    if not is_text(path) or not (method is None or is_text(method)):
        return None
    if path == "*":
        return ("ANY", "*") if not method or method == "*" else None
    if isinstance(method, Text):
        return "", concat(method, " ", path)
    method = str(method or "").upper()
    method = "ANY" if method == "*" else method
    return (method, concat(f"{method} ", path)) if method == "ANY" or method in _METHODS else None


def _without(text: Name, length: int) -> Name | None:
    """Text without its first characters; None where those are not known."""
    if isinstance(text, str):
        return text[length:]
    first = text.parts[0]
    if isinstance(first, Literal) and len(first.value) > length:
        return concat(first.value[length:], Text(text.parts[1:]))
    return None


def _add_route(template: Template, settings: Mapping[str, Any], id: str, route: _Route, api: Any) -> None:
    service, place = template.service, route.event.place
    target = target_of(service, route.function)
    name = normalized(route.function)
    integration = f"HttpApiIntegration{name}"
    add_permission(
        template, f"{name}LambdaPermissionHttpApi", target, "apigateway.amazonaws.com", place,
        SourceArn=arn_here("execute-api", ":", api, "/*"),
    )  # fmt: skip
    payload = as_map(service.functions[route.function].get("httpApi")).get("payload") or settings.get("payload")
    template.add(
        integration,
        "AWS::ApiGatewayV2::Integration",
        {
            "ApiId": api,
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": target.arn,
            "PayloadFormatVersion": string(payload) or "2.0",
            "TimeoutInMillis": 30000,
        },
        place,
        DependsOn=target.alias_id,
    )
    properties: dict[str, Any] = {
        "ApiId": api,
        "RouteKey": "$default" if route.key == "*" else route.key,
        "Target": {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]},
    }
    if route.authorizer is not None:
        properties |= route.authorizer.of_route()
    template.add(id, "AWS::ApiGatewayV2::Route", properties, place, DependsOn=integration)


# The API


def _refuse_for_external(service: Service, settings: Mapping[str, Any]) -> None:
    """What cannot be set of an API that is another stack's."""
    logs = as_map(service.provider.get("logs"))
    for holder, name, what in (
        (settings, "cors", "CORS"), (settings, "authorizers", "authorizers"), (logs, "httpApi", "logs"),
    ):  # fmt: skip
        if truthy(holder.get(name)) and holder.get(name) != "false":
            service.tell(
                "http-api-elsewhere", f"this service cannot set {what} for the existing HTTP API of httpApi.id",
                service.place_in(holder, name), "set them where the API is declared", Severity.ERROR,
            )  # fmt: skip


def _add_api(template: Template, settings: Mapping[str, Any], methods: list[str], place: Place) -> None:
    service = template.service
    name = string(settings.get("name"))
    if not name:
        starts = boolean(settings, "shouldStartNameWithService")
        first, second = (service.name, service.stage) if starts else (service.stage, service.name)
        name = concat(first, "-", second)
    disabled = (
        boolean(settings, "disableDefaultEndpoint") if settings.get("disableDefaultEndpoint") is not None else None
    )
    properties = {
        "Name": name,
        "Description": None if goes_on_from_v3(service) else string(settings.get("description")) or None,
        "ProtocolType": "HTTP",
        "DisableExecuteApiEndpoint": disabled,
        "Tags": tags(service),
        "CorsConfiguration": _cors(settings.get("cors"), methods),
    }
    template.add(API, "AWS::ApiGatewayV2::Api", properties, place)


def tags(service: Service) -> dict[str, Any] | None:
    """The provider's tags, as the resources of an API carry them."""
    written = service.provider.get("tags")
    return {name: string(value) for name, value in written.items()} if isinstance(written, Mapping) else None


def _cors(written: Any, methods: list[str]) -> dict[str, Any] | None:
    if not truthy(written) or written == "false":
        return None
    cors = as_map(written)
    allowed = items(cors.get("allowedMethods")) if truthy(cors.get("allowedMethods")) else _of_routes(methods)
    configuration = {
        "AllowCredentials": True if boolean(cors, "allowCredentials") else None,
        "AllowHeaders": _set(cors.get("allowedHeaders"), list(_HEADERS)),
        "AllowMethods": unique(allowed),
        "AllowOrigins": _set(cors.get("allowedOrigins"), ["*"]),
        "ExposeHeaders": _set(cors.get("exposedResponseHeaders")),
        "MaxAge": integer(cors.get("maxAge")),
    }
    return {name: value for name, value in configuration.items() if value is not None}


def _set(value: Any, default: list[Any] | None = None) -> list[Any] | None:
    return unique(items(value)) if truthy(value) else default


def _of_routes(methods: list[str]) -> list[str]:
    """The methods that CORS allows where none are written: OPTIONS, and those of the routes."""
    found = ["OPTIONS"]
    for method in methods:
        found += _METHODS if method == "ANY" else [method]
    return list(dict.fromkeys(filter(None, found)))


def _add_stage(template: Template, settings: Mapping[str, Any], place: Place) -> None:
    service = template.service
    properties: dict[str, Any] = {
        "ApiId": {"Ref": API},
        "StageName": "$default",
        "AutoDeploy": True,
        "DefaultRouteSettings": {"DetailedMetricsEnabled": boolean(settings, "metrics", False) or False},
        "Tags": tags(service),
    }
    logs = as_map(service.provider.get("logs"))
    wanted = logs.get("httpApi")
    logged = truthy(wanted) and wanted != "false"
    if logged:
        add_log_group(
            template, _LOG_GROUP, concat("/aws/http-api/", stack_name(service)), service.place_in(logs, "httpApi")
        )
        properties["AccessLogSettings"] = {
            "DestinationArn": {"Fn::GetAtt": [_LOG_GROUP, "Arn"]},
            "Format": string(as_map(wanted).get("format")) or json_text(_LOG_FORMAT),
        }
    template.add(
        "HttpApiStage", "AWS::ApiGatewayV2::Stage", properties, place, DependsOn=_LOG_GROUP if logged else None
    )
    template.outputs["HttpApiId"] = {"Description": "Id of the HTTP API", "Value": {"Ref": API}}
    address = ["https://", {"Ref": API}, ".execute-api.", {"Ref": "AWS::Region"}, ".", {"Ref": "AWS::URLSuffix"}]
    template.outputs["HttpApiUrl"] = {"Description": "URL of the HTTP API", "Value": {"Fn::Join": ["", address]}}


def stack_name(service: Service) -> Name:
    """The name of the service's stack."""
    written = service.provider.get("stackName")
    return written if is_text(written) and written else concat(service.name, f"-{service.stage}")


def add_log_group(template: Template, id: str, name: Name, place: Place) -> None:
    """A log group with what the provider says of logs."""
    provider = template.service.provider
    properties = {
        "LogGroupName": name,
        "RetentionInDays": integer(provider.get("logRetentionInDays")) or None,
        "DataProtectionPolicy": provider.get("logDataProtectionPolicy") or None,
    }
    template.add(id, "AWS::Logs::LogGroup", properties, place)


KIND: Final = EventKind("httpApi", 220, label="HTTP API", compile=compile, told_by_route=True)
