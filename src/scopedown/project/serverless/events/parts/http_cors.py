"""Calls from other origins: the OPTIONS method that tells browsers what a path allows.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/``: ``validate.js`` (``getCors``) and
``cors.js``.
"""

from __future__ import annotations

from collections.abc import Iterable

from scopedown.core.place import Place
from scopedown.project.serverless.conversions import boolean, truthy
from scopedown.project.serverless.events.parts.http_endpoints import Endpoint, in_order, rest_api
from scopedown.project.serverless.events.parts.http_paths import Paths
from scopedown.project.serverless.template import Template


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
