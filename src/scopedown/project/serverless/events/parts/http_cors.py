"""Calls from other origins: what http events allow, and the OPTIONS method that tells browsers so.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/``: ``validate.js`` (``getCors``) and
``cors.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.core.text import Text
from scopedown.documents.scalars import js_text
from scopedown.project.serverless.events.parts.conversions import boolean, integer, items, string, truthy
from scopedown.project.serverless.events.parts.http_endpoints import Endpoint, in_order, rest_api
from scopedown.project.serverless.events.parts.http_paths import Paths
from scopedown.project.serverless.events.parts.http_resources import add_resource
from scopedown.project.serverless.names import Name, concat
from scopedown.project.serverless.template import Template

_HEADERS: Final = (
    "Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token", "X-Amz-User-Agent",
    "X-Amzn-Trace-Id",
)  # fmt: skip
ANY: Final = "DELETE,GET,HEAD,PATCH,POST,PUT"


@dataclass(slots=True)
class Cors:
    """What other origins may send; ``origin`` is None where there are ``origins``."""

    origin: Any = "*"
    origins: list[Any] = field(default_factory=list)
    headers: list[Any] = field(default_factory=lambda: list(_HEADERS))
    methods: list[Any] = field(default_factory=list)
    credentials: bool = False
    max_age: Any = None
    cache_control: Any = None

    @property
    def response_headers(self) -> dict[str, Any]:
        """The headers that a method's own answers carry."""
        origin = comma(self.origins) if self.origins else self.origin
        found: dict[str, Any] = {"Access-Control-Allow-Origin": quoted(origin)}
        if self.credentials:
            found["Access-Control-Allow-Credentials"] = "true"
        return found


def cors_of(endpoint: Endpoint) -> Cors | None:
    """What an endpoint allows; None where it allows nothing."""
    written = endpoint.settings.get("cors")
    if written in ("false", "true"):
        written = boolean(endpoint.settings, "cors")
    if not truthy(written):
        return None
    method = endpoint.method.upper()
    if not isinstance(written, Mapping):
        return Cors(methods=["OPTIONS", method])
    found = Cors(methods=items(written.get("methods")) if "methods" in written else ["OPTIONS"])
    found.methods += [name for name in ("OPTIONS", method) if name not in found.methods]
    if truthy(written.get("origins")):
        found.origin, found.origins = None, items(written["origins"])
    if "origin" in written:
        found.origin = string(written["origin"])
    if written.get("headers") is not None:
        found.headers = items(written["headers"])
    found.credentials = bool(boolean(written, "allowCredentials"))
    found.max_age = integer(written.get("maxAge"))
    found.cache_control = string(written.get("cacheControl"))
    return found


def preflight(endpoints: list[tuple[Endpoint, Cors | None]]) -> dict[str, tuple[Cors, Place]]:
    """What each path allows: all that its methods allow, as the OPTIONS method of the path tells it."""
    found: dict[str, tuple[Cors, Place]] = {}
    for endpoint, cors in endpoints:
        if cors is None:
            continue
        before, place = found.get(endpoint.path, (Cors(headers=[]), endpoint.place))
        found[endpoint.path] = (
            Cors(
                cors.origin,
                _union(cors.origins, before.origins),
                _union(cors.headers, before.headers),
                _union(cors.methods, before.methods),
                before.credentials or cors.credentials,
                cors.max_age or before.max_age,
                cors.cache_control or before.cache_control,
            ),
            place,
        )
    return dict(in_order(found))


def _union(left: list[Any], right: list[Any]) -> list[Any]:
    found: list[Any] = []
    for value in [*left, *right]:
        if value not in found:
            found.append(value)
    return found


def compile_cors(template: Template, paths: Paths, allowed: Mapping[str, tuple[Cors, Place]]) -> list[str]:
    """Add the OPTIONS method of every path that allows something; their logical ids."""
    ids = []
    for path, (cors, place) in allowed.items():
        origins = cors.origins
        if isinstance(cors.origin, str) and "," in cors.origin:
            origins = [origin.strip() for origin in cors.origin.split(",")]
        headers = _preflight_headers(cors, origins[0] if origins else cors.origin)
        ids.append(add_options(template, paths, path, headers, _origin_template(origins), place))
    return ids


def add_options(
    template: Template, paths: Paths, path: str, headers: Mapping[str, Name], body: Name, place: Place,
    merges: bool | None = None,
) -> str:  # fmt: skip
    """Add the OPTIONS method of a path, which answers with these headers and this template; its logical id.

    ``merges`` as in :func:`add_resource`.
    """
    id = f"ApiGatewayMethod{paths.name(path)}Options"
    properties = {
        "AuthorizationType": "NONE",
        "HttpMethod": "OPTIONS",
        "MethodResponses": [
            {
                "StatusCode": "200",
                "ResponseParameters": {f"method.response.header.{name}": True for name in headers},
                "ResponseModels": {},
            }
        ],
        "RequestParameters": {},
        "Integration": {
            "Type": "MOCK",
            "RequestTemplates": {"application/json": "{statusCode:200}"},
            "ContentHandling": "CONVERT_TO_TEXT",
            "IntegrationResponses": [
                {
                    "StatusCode": "200",
                    "ResponseParameters": {f"method.response.header.{name}": value for name, value in headers.items()},
                    "ResponseTemplates": {"application/json": body},
                }
            ],
        },
        "ResourceId": paths.reference(path),
        "RestApiId": rest_api(template.service),
    }
    add_resource(template, id, "AWS::ApiGateway::Method", properties, place, merges)
    return id


def _preflight_headers(cors: Cors, origin: Any) -> dict[str, Name]:
    methods = comma(cors.methods)
    if "ANY" in cors.methods and isinstance(methods, str):
        methods = methods.replace("ANY", ANY, 1)
    headers = {
        "Access-Control-Allow-Origin": quoted(origin),
        "Access-Control-Allow-Headers": quoted(comma(cors.headers)),
        "Access-Control-Allow-Methods": quoted(methods),
    }
    if cors.credentials:
        headers["Access-Control-Allow-Credentials"] = "'true'"
    if cors.max_age:
        headers["Access-Control-Max-Age"] = quoted(cors.max_age)
    if cors.cache_control:
        headers["Cache-Control"] = quoted(cors.cache_control)
    return headers


def quoted(value: Any) -> Name:
    """A header's value as API Gateway takes one: in single quotes."""
    return concat("'", _name(value), "'")


def comma(values: list[Any]) -> Name:
    """Values in one text, parted by commas."""
    parts: list[Name] = []
    for value in values:
        parts += [",", _name(value)] if parts else [_name(value)]
    return concat(*parts)


def _name(value: Any) -> Name:
    return value if isinstance(value, str | Text) else js_text(value, null="undefined")


def _origin_template(origins: list[Any]) -> Name:
    """The mapping template that answers with the origin of the request, where that is one of several allowed."""
    if not origins:
        return ""
    tests: list[Name] = []
    for origin in origins:
        pattern = js_text(origin).replace(".", "[.]").replace("*", ".+", 1)
        tests += [" || "] if tests else []
        tests += [f'$origin.matches("{pattern}")']
    return concat(
        '#set($origin = $input.params("Origin"))\n',
        '#if($origin == "") #set($origin = $input.params("origin")) #end\n#if(',
        *tests,
        ") #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin) #end",
    )
