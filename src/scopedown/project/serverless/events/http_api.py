"""The event ``httpApi``: an HTTP API with a route for each event, and one integration and permission a function.

With ``provider.httpApi.id`` the API (its stage, logs, CORS, authorizers) is another stack's, and only routes are made.
Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/http-api.js``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Literal, Text
from scopedown.documents.nodes import as_map
from scopedown.project.model import Event
from scopedown.project.serverless.conversions import boolean, integer, string, truthy
from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.http_paths import normalized_path
from scopedown.project.serverless.events.parts.targets import target_of
from scopedown.project.serverless.log_groups import add_log_group
from scopedown.project.serverless.names import Name, concat, normalized, spelled
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

# Authorizers of an HTTP API: JWT, a function (``request``), IAM, and those of an API that is another stack's.
#
# Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/http-api.js``.


@dataclass(frozen=True, slots=True)
class Authorizer:
    """An authorizer that the service declares; ``called`` is the ARN of the function that decides."""

    name: Name
    settings: Mapping[str, Any]
    called: Any
    place: Place


def read_authorizers(service: Service, settings: Mapping[str, Any]) -> dict[str, Authorizer]:
    """The authorizers of ``provider.httpApi`` by their keys; what the framework refuses is told and left out."""
    section = settings.get("authorizers")
    found: dict[str, Authorizer] = {}
    if settings.get("id"):
        return found
    for key, written in as_map(section).items():
        if not isinstance(written, Mapping):
            continue
        place = service.place_in(section, key)
        name = string(written.get("name")) or key
        if not is_text(name):
            continue
        called = None
        if written.get("type") == "request":
            function, arn = string(written.get("functionName")), written.get("functionArn")
            local = is_text(function) and function in service.functions
            if (arn and function) or not (arn or local):
                if function and not is_text(function):
                    continue  # told with all values of a wrong type
                names = "both functionName and functionArn" if arn else "no function of this service"
                service.report("http-api-authorizer-invalid function", place, key=key, names=names)
                continue
            called = arn or target_of(service, str(function)).arn
            if integer(written.get("resultTtlInSeconds")) and not truthy(written.get("identitySource")):
                service.report("http-api-authorizer-invalid cache", place, key=key)
        found[key] = Authorizer(name, written, called, place)
    return found


def check_route_authorizer(
    service: Service, key: str, wanted: Any, known: Mapping[str, Authorizer], place: Place, *, external: bool
) -> None:
    """Tell of an event that asks for an authorizer that is not there."""
    if not wanted:
        return
    settings = wanted if isinstance(wanted, Mapping) else {"name": string(wanted)}
    id, name = settings.get("id"), string(settings.get("name"))
    if (id and external) or string(settings.get("type")) == "aws_iam":
        return
    if id or (isinstance(name, str) and name not in known):  # else it is not known, or told with values of a wrong type
        service.report("http-api-authorizer-unknown", place, key=key, name=name or id)


def add_authorizers(template: Template, authorizers: Mapping[str, Authorizer], api: Any) -> None:
    """Their resources, and the permissions that let the API call their functions."""
    for authorizer in authorizers.values():
        written, called = authorizer.settings, authorizer.called
        prefix, place = normalized(spelled(authorizer.name)), authorizer.place
        version = None if called is None else string(written.get("payloadVersion")) or "2.0"
        if called is not None and not boolean(written, "managedExternally"):
            id = f"{prefix}LambdaAuthorizerPermissionHttpApi"
            template.add_fragment(_FILE, "permission", place, id=id, target=called, api=api)
        template.add_fragment(_FILE, "authorizer", place, prefix=prefix, api=api, version=version, target=called)


_FILE: Final = "events/http_api.yml"
_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "OPTIONS", "HEAD", "DELETE")
_ROUTE: Final = re.compile(rf"(ANY|{'|'.join(_METHODS)}) (/\S*)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Route:
    """One event: ``key`` is ``METHOD /path`` or ``*``."""

    key: Name
    function: str
    event: Event


def compile(template: Template) -> None:
    """The API with everything below it; nothing where no function has the event."""
    service = template.service
    settings = as_map(service.provider.get("httpApi"))
    given = settings.get("id") or None
    authorizers = read_authorizers(service, settings)
    routes = _routes(service, authorizers, external=given is not None)
    if not routes:
        return
    api = given or {"Ref": "HttpApi"}
    place = next(iter(routes.values())).event.place
    if given is None:
        _add_api(template, place)
    else:
        _refuse_for_external(service, settings)
    add_authorizers(template, authorizers, api)
    for id, route in routes.items():
        _add_route(template, id, route, api)


# Routes


def _routes(service: Service, authorizers: Mapping[str, Authorizer], *, external: bool) -> dict[str, _Route]:
    """All routes by logical id; what the framework refuses is told and left out."""
    found: dict[str, _Route] = {}
    for key, event in service.all_events_of("httpApi"):
        if not truthy(event.settings):
            continue
        route_key = _route_key(event.settings)
        if route_key is None:
            written = as_map(event.settings).values() if isinstance(event.settings, Mapping) else [event.settings]
            if not any(isinstance(value, list) for value in written):  # told with all values of a wrong type
                service.report("http-api-route-invalid", event.place, key=key)
            continue
        id = f"HttpApiRoute{'Default' if route_key == '*' else normalized_path(spelled(route_key))}"
        if id in found and route_key != "*" and route_key == found[id].key:
            service.report("http-api-route-twice", event.place, key=key, route_key=route_key)
            continue
        wanted = event.settings.get("authorizer") if isinstance(event.settings, Mapping) else None
        check_route_authorizer(service, key, wanted, authorizers, event.place, external=external)
        found[id] = _Route(route_key, key, event)
    return found


def _route_key(settings: Any) -> Name | None:
    """The key of an event's route; None where it is no route."""
    if not isinstance(settings, Mapping):
        written = string(settings)
        if not is_text(written) or written == "*":
            return written if is_text(written) else None
        matched = _ROUTE.match(str(written))
        if matched is None:
            return written if isinstance(written, Text) else None
        path = _without(written, len(matched[1]) + 1)
        return concat(f"{matched[1].upper()} ", path) if path is not None else None
    path = string(settings.get("path"))
    method = string(settings.get("method"))
    if not is_text(path) or not (method is None or is_text(method)):
        return None
    if path == "*":
        return "*" if not method or method == "*" else None
    if isinstance(method, Text):
        return concat(method, " ", path)
    method = str(method or "").upper()
    method = "ANY" if method == "*" else method
    return concat(f"{method} ", path) if method == "ANY" or method in _METHODS else None


def _without(text: Name, length: int) -> Name | None:
    """Text without its first characters; None where those are not known."""
    if isinstance(text, str):
        return text[length:]
    first = text.parts[0]
    if isinstance(first, Literal) and len(first.value) > length:
        return concat(first.value[length:], Text(text.parts[1:]))
    return None


def _add_route(template: Template, id: str, route: _Route, api: Any) -> None:
    name, place = normalized(route.function), route.event.place
    target = target_of(template.service, route.function).arn
    template.add_fragment(_FILE, "permission", place, id=f"{name}LambdaPermissionHttpApi", target=target, api=api)
    template.add_fragment(_FILE, "route", place, route=id, Function=name, target=target, api=api)


# The API


def _refuse_for_external(service: Service, settings: Mapping[str, Any]) -> None:
    """What cannot be set of an API that is another stack's."""
    logs = as_map(service.provider.get("logs"))
    for holder, name, what in (
        (settings, "cors", "CORS"), (settings, "authorizers", "authorizers"), (logs, "httpApi", "logs"),
    ):  # fmt: skip
        if truthy(holder.get(name)) and holder.get(name) != "false":
            service.report("http-api-elsewhere", service.place_in(holder, name), what=what)


def tags(service: Service) -> dict[str, Any] | None:
    """The provider's tags, as the resources of an API carry them."""
    written = service.provider.get("tags")
    return {name: string(value) for name, value in written.items()} if isinstance(written, Mapping) else None


def _add_api(template: Template, place: Place) -> None:
    """The API, its stage, and where the stage logs to."""
    service = template.service
    logs = as_map(service.provider.get("logs"))
    wanted = truthy(logs.get("httpApi")) and logs.get("httpApi") != "false"
    template.add_fragment(_FILE, "api", place, tags=tags(service))
    if wanted:
        name = concat("/aws/http-api/", service.stack)
        add_log_group(template, "HttpApiLogGroup", name, service.place_in(logs, "httpApi"))
    template.add_fragment(_FILE, "stage", place, tags=tags(service), logs=wanted)


KIND: Final = EventKind("httpApi", 220, label="HTTP API", compile=compile, told_by_route=True)
