"""The ``http`` events of a service as the framework sees them: paths and methods brought into one form.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/validate.js``, with the conversions of the
event's schema (``../index.js``). What the framework refuses is told as a finding, and the rest is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from scopedown.core.place import Place
from scopedown.core.text import Literal, Text, Unknown
from scopedown.documents.nodes import as_map
from scopedown.project.model import Event
from scopedown.project.serverless.conversions import boolean, string
from scopedown.project.serverless.service import Service, is_text

REST_API: Final = "ApiGatewayRestApi"
PROXIES: Final = ("AWS_PROXY", "HTTP_PROXY")
_LAMBDA: Final = {"LAMBDA": "AWS", "LAMBDA_PROXY": "AWS_PROXY"}
_LOCATIONS: Final = ("querystrings", "paths", "headers")
_PROXY_REQUEST: Final = ("parameters", "schema", "schemas")
_Value = TypeVar("_Value")
UNKNOWN: Final = "\ufffd"
"""Where a part of a path begins that is not known."""
MAX_SEGMENTS: Final = 200
"""Longer paths are left out: a template holds 500 resources, and every segment is one."""


@dataclass(slots=True)
class Endpoint:
    """One http event: a method of a path that calls a function.

    ``path`` has no slash at its ends and is empty for the root; ``method`` is in small letters. What is not known of
    a path reads as :data:`UNKNOWN` and a number there, the same number for what is the same.
    """

    function: str
    path: str
    method: str
    settings: Mapping[str, Any]
    place: Place
    integration: str
    request: Mapping[str, Any] = field(default_factory=dict)
    requires: bool = False
    """Whether a parameter of the request must be there."""


def endpoints_of(service: Service) -> list[Endpoint]:
    """All http events that can be compiled, in order."""
    found = []
    unknown: dict[object, str] = {}
    for key, event in service.events_of("http"):
        endpoint = endpoint_of(service, key, event, unknown)
        if endpoint is not None:
            found.append(endpoint)
    return found


def endpoint_of(service: Service, key: str, event: Event, unknown: dict[object, str]) -> Endpoint | None:
    """One http event, brought into form; None where it cannot be compiled. ``unknown`` numbers what is not known."""
    settings = event.settings
    if isinstance(settings, str | Text):
        method, _, path = _marked(settings, unknown).partition(" ")
        settings = {"method": method, "path": path.partition(" ")[0]} if path else {}
    settings = as_map(settings)
    path, method = string(settings.get("path")), string(settings.get("method"))
    if not is_text(path) or not is_text(method):
        service.refuse(key, "it has no path or no method", event.place, "write method and path")
        return None
    path = re.sub(r"/\Z", "", re.sub(r"\A/", "", _marked(path, unknown)))
    if path.count("/") >= MAX_SEGMENTS:
        service.refuse(key, "its path is too long", event.place, "shorten it")
        return None
    endpoint = Endpoint(key, path, str(method).lower(), settings, event.place, integration_of(settings))
    _requests(endpoint)
    return endpoint


def _marked(text: str | Text, unknown: dict[object, str]) -> str:
    if isinstance(text, str):
        return text
    found = ""
    for part in text.parts:
        if isinstance(part, Literal):
            found += part.value
        else:
            what = part.reason if isinstance(part, Unknown) else part
            found += unknown.setdefault(what, f"{UNKNOWN}unknown{len(unknown) + 1}")
    return found


def integration_of(settings: Mapping[str, Any]) -> str:
    """The type of an event's integration, as API Gateway names it."""
    written = settings.get("integration")
    if is_text(written) and written:
        name = str(written).upper().replace("-", "_", 1)
        return _LAMBDA.get(name, name)
    return "AWS" if boolean(settings, "async") else "AWS_PROXY"


def _requests(endpoint: Endpoint) -> None:
    """What is kept of an event's request: proxies take less than the others."""
    request, kind = endpoint.settings.get("request"), endpoint.integration
    if not isinstance(request, Mapping):
        return
    allowed = (*_PROXY_REQUEST, "uri") if kind == "HTTP_PROXY" else _PROXY_REQUEST
    endpoint.request = {key: value for key, value in request.items() if kind not in PROXIES or key in allowed}
    parameters = as_map(request.get("parameters"))
    # The framework takes the locations themselves for parameters of a MOCK.
    sections = [parameters] if kind == "MOCK" else [as_map(parameters.get(location)) for location in _LOCATIONS]
    endpoint.requires = any(_is_required(section, name) for section in sections for name in section)


def _is_required(parameters: Mapping[str, Any], name: str) -> bool:
    value = parameters[name]
    if not isinstance(value, Mapping | list):
        return bool(boolean(parameters, name))
    return as_map(value).get("required") is None or bool(boolean(as_map(value), "required"))


def in_order(mapping: Mapping[str, _Value]) -> Iterator[tuple[str, _Value]]:
    """A mapping's items in JavaScript's order: keys that are whole numbers first, by their size.

    >>> dict(in_order({"b": 1, "10": 2, "9": 3}))
    {'9': 3, '10': 2, 'b': 1}
    """
    numbers = [key for key in mapping if re.fullmatch(r"0|[1-9][0-9]{0,9}", key) and int(key) < 2**32 - 1]
    for key in sorted(numbers, key=int):
        yield key, mapping[key]
    known = set(numbers)
    for key, value in mapping.items():
        if key not in known:
            yield key, value


def rest_api(service: Service) -> Any:
    """The id of the API: that of the template's own, or of another stack's."""
    return as_map(service.provider.get("apiGateway")).get("restApiId") or {"Ref": REST_API}
