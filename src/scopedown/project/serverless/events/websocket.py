"""The event ``websocket``: a WebSocket API with a route for each event, and one integration and permission a function.

With ``provider.apiGateway.websocketApiId`` the API is another stack's; routes and a deployment are made in it.
Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/websockets``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_map
from scopedown.project.model import DeclaredStatement
from scopedown.project.serverless.additions import allow
from scopedown.project.serverless.conversions import boolean, string, truthy
from scopedown.project.serverless.event_kinds import EventKind, InRoleOfV4
from scopedown.project.serverless.events.http_api import tags
from scopedown.project.serverless.events.parts.http_stage import ROLE_SETTER, add_account_role
from scopedown.project.serverless.events.parts.source_mapping import last_name
from scopedown.project.serverless.events.parts.targets import target_of
from scopedown.project.serverless.frameworks import goes_on_from_v3
from scopedown.project.serverless.log_groups import add_log_group
from scopedown.project.serverless.names import concat, normalized, spelled
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

# Source of the checks: osls 4.3.1 ``lib/plugins/aws/package/compile/events/websockets/lib/validate.js``.

_FILE: Final = "events/websocket.yml"
_LOG_GROUP: Final = "WebsocketsLogGroup"
_WORDS: Final = {"$": "S", "/": "Slash", "-": "Dash", "_": "Underscore", ".": "Period"}


def statements(service: Service) -> Iterator[DeclaredStatement]:
    """Functions may answer on the connections of the API that the framework makes."""
    if not as_map(service.provider.get("apiGateway")).get("websocketApiId"):
        yield from _answering(service)


def _answering(service: Service) -> Iterator[DeclaredStatement]:
    for _, event in service.events_of("websocket"):
        resource = {"Fn::Sub": "arn:${AWS::Partition}:execute-api:*:*:*/@connections/*"}
        yield allow(("execute-api:ManageConnections",), [resource], event.place)
        return


@dataclass(frozen=True, slots=True)
class _Route:
    """One event: the values of the placeholders of its resources, its authorizer, and whether it answers."""

    values: Mapping[str, Any]
    authorizer: tuple[str, Any] | None
    has_response: bool
    place: Place


def compile(template: Template) -> None:
    """The API with everything below it; nothing where no function has the event."""
    service = template.service
    given = as_map(service.provider.get("apiGateway")).get("websocketApiId") or None
    routes = list(_routes(service, given or {"Ref": "WebsocketsApi"}))
    if not routes:
        return
    place = routes[0].place
    if given is None:
        tagged = not goes_on_from_v3(service) or boolean(as_map(service.provider.get("websocket")), "useProviderTags")
        template.add_fragment(_FILE, "api", place, tags=tags(service) if tagged else None)
    for route in routes:
        template.add_fragment(_FILE, "integration", route.place, **route.values)
    for route in routes:
        if route.has_response:
            template.add_fragment(_FILE, "response", route.place, **route.values)
    for route in routes:
        if route.authorizer:
            prefix, target = route.authorizer
            template.add_fragment(
                _FILE, "authorizer", route.place, **{**route.values, "prefix": prefix, "target": target}
            )
    for route in routes:
        called = [(route.values["Function"], route.values["target"]), *([route.authorizer] if route.authorizer else [])]
        for prefix, target in called:
            template.add_fragment(_FILE, "permission", route.place, prefix=prefix, target=target)
    for route in routes:
        template.add_fragment(_FILE, "route", route.place, **route.values)
    if given is None:
        _add_stage(template, place)
    template.add_fragment(_FILE, "deployment", place, api=routes[0].values["api"])


def _routes(service: Service, api: Any) -> Iterator[_Route]:
    """All routes, in order; what the framework refuses is reported and left out."""
    for key, event in service.all_events_of("websocket"):
        settings = event.settings if isinstance(event.settings, Mapping) else {"route": event.settings}
        route = string(settings.get("route"))
        if not is_text(route) or not route:
            if isinstance(event.settings, Mapping) and settings.get("route") in (None, ""):
                service.report("websocket-route-invalid", event.place, key=key)
            continue
        id = "".join(_WORDS.get(character, character) for character in spelled(route))
        values = {"Function": normalized(key), "target": target_of(service, key).arn, "api": api}
        values["route"] = f"{id}WebsocketsRoute"
        authorizer = _authorizer(service, key, settings.get("authorizer"), event.place)
        yield _Route(values, authorizer, bool(settings.get("routeResponseSelectionExpression")), event.place)


def _authorizer(service: Service, key: str, written: Any, place: Place) -> tuple[str, Mapping[str, Any]] | None:
    """What decides about a connection: the begin of its logical ids, and what is called.

    It is written as an ARN or a function of the service, alone or under ``arn`` or ``name``.
    """
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
            return normalized(spelled(last_name(arn, ":"))), arn
        if isinstance(name, str) and name:
            return normalized(name), arn
    elif isinstance(name, str) and name in service.functions:
        return normalized(name), target_of(service, name).arn
    if arn or is_text(name):
        service.report("websocket-authorizer-invalid", place, key=key)
    return None


def _add_stage(template: Template, place: Place) -> None:
    """The stage and, where the provider asks for logs, what they need."""
    service = template.service
    section = as_map(service.provider.get("logs"))
    wanted = section.get("websocket")
    if not truthy(wanted) or wanted == "false":
        template.add_fragment(_FILE, "stage", place, stage=service.stage, logs=False)
        return
    logs, at = as_map(wanted), service.place_in(section, "websocket")
    level = (logs.get("level") or "INFO") if boolean(logs, "executionLogging", True) else "OFF"
    if level not in ("INFO", "ERROR", "OFF"):
        service.report("websocket-log-level", service.place_in(logs, "level"), level=string(level))
    template.add_fragment(_FILE, "stage", place, stage=service.stage, logs=boolean(logs, "accessLogging", True))
    add_log_group(template, _LOG_GROUP, concat("/aws/websocket/", service.name, f"-{service.stage}"), at)
    add_account_role(template, at)


KIND: Final = EventKind(
    "websocket",
    40,
    label="WebSocket",
    compile=compile,
    statements=statements,
    changes_all=True,
    own_function=ROLE_SETTER,
    in_role_of_v4=InRoleOfV4(1, _answering),
    told_by_route=True,
)
