"""The events ``websocket`` of a service, read: routes, the functions behind them, and their authorizers.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/websockets/lib/validate.js``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scopedown.core.finding import Severity
from scopedown.core.place import Place
from scopedown.project.serverless.conversions import string
from scopedown.project.serverless.events.parts.source_mapping import last_name
from scopedown.project.serverless.events.parts.targets import Target, target_of
from scopedown.project.serverless.names import Name, normalized, spelled
from scopedown.project.serverless.service import Service, is_text


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
