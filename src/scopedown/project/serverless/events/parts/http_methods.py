"""The methods of an API: what each one calls.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/method/``: ``index.js`` and
``integration.js``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scopedown.project.serverless.events.parts.http_endpoints import Endpoint, rest_api
from scopedown.project.serverless.events.parts.http_paths import Paths
from scopedown.project.serverless.events.parts.targets import target_of
from scopedown.project.serverless.template import Template


def method_id(paths: Paths, endpoint: Endpoint) -> str:
    """The logical id of an endpoint's method."""
    name = endpoint.method
    return f"ApiGatewayMethod{paths.name(endpoint.path)}{name[:1].upper()}{name[1:]}"


def compile_method(template: Template, paths: Paths, endpoint: Endpoint) -> None:
    """Add the method of a function's endpoint."""
    calls = endpoint.integration in ("AWS", "AWS_PROXY")
    add_method(template, paths, endpoint, {"Uri": target_of(template.service, endpoint.function).arn} if calls else {})


def add_method(template: Template, paths: Paths, endpoint: Endpoint, integration: Mapping[str, Any]) -> None:
    """Add a method with what it calls, as whom."""
    properties = {
        "HttpMethod": endpoint.method.upper(),
        "ResourceId": paths.reference(endpoint.path),
        "RestApiId": rest_api(template.service),
        "Integration": integration,
    }
    template.add(method_id(paths, endpoint), "AWS::ApiGateway::Method", properties, endpoint.place)
