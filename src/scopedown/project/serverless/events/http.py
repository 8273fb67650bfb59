"""The event ``http``: methods of one REST API of API Gateway for all functions.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/index.js``, which compiles the parts in the
order of :func:`compile`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from scopedown.documents.nodes import as_map
from scopedown.project.serverless.conversions import items, truthy
from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.http_authorizers import (
    authorizer_of,
    compile_authorizers,
    compile_permissions,
)
from scopedown.project.serverless.events.parts.http_endpoints import PROXIES, Endpoint, endpoints_of
from scopedown.project.serverless.events.parts.http_methods import (
    compile_cors,
    compile_method,
    compile_models,
    has_cors,
)
from scopedown.project.serverless.events.parts.http_paths import compile_paths
from scopedown.project.serverless.events.parts.http_stage import (
    ROLE_SETTER,
    compile_deployment,
    compile_keys,
    compile_logs,
    compile_rest_api,
)
from scopedown.project.serverless.frameworks import V3
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template


def compile(template: Template) -> None:
    """Add the API of all http events, and what deploys with it."""
    endpoints = endpoints_of(template.service)
    if not endpoints:
        return
    check_api(template.service)
    for endpoint in endpoints:
        check_endpoint(template.service, endpoint)
    place = endpoints[0].place
    authorizers = [(endpoint, authorizer_of(template.service, endpoint)) for endpoint in endpoints]
    compile_rest_api(template, place)
    paths = compile_paths(template, endpoints)
    compile_cors(template, paths, filter(has_cors, endpoints))
    for endpoint in endpoints:
        compile_method(template, paths, endpoint)
    compile_models(template, paths, endpoints)
    compile_authorizers(template, [(endpoint, found) for endpoint, found in authorizers if found])
    compile_deployment(template, place)
    compile_keys(template)
    compile_permissions(template, authorizers)
    compile_logs(template)


KIND: Final = EventKind(
    "http",
    30,
    label="HTTP",
    compile=compile,
    own_function=ROLE_SETTER,
    told_by_route=True,
)


def check_endpoint(service: Service, endpoint: Endpoint) -> None:
    """Tell what stops the framework at one http event."""

    def told(what: str, remedy: str) -> None:
        service.refuse(endpoint.function, what, endpoint.place, remedy)

    settings, kind = endpoint.settings, endpoint.integration
    response = settings.get("response")
    codes = as_map(response).get("statusCodes")
    mode = as_map(response).get("transferMode")
    if kind in ("HTTP", "HTTP_PROXY"):
        if not endpoint.request.get("uri"):
            told("an HTTP integration needs the address that it calls", "set request.uri")
        connection = settings.get("connectionType")
        if is_text(connection) and connection and not settings.get("connectionId"):
            told("its VPC link has no id", "set connectionId")
    if (kind == "HTTP" and not truthy(response)) or (kind == "MOCK" and truthy(response) and not truthy(codes)):
        told("it has no status codes", "set response.statusCodes")
    if is_text(mode) and mode and kind not in PROXIES and service.framework != V3:
        told("only a proxy integration can stream its response", "remove response.transferMode")
    authorizer = settings.get("authorizer")
    if isinstance(authorizer, Mapping) and kind == "AWS_PROXY" and items(authorizer.get("claims")):
        arn = authorizer.get("arn")
        named = not (authorizer.get("authorizerId") and authorizer.get("type"))
        if named and isinstance(arn, str) and re.match(r"arn:[a-zA-Z-]*:cognito-idp", arn):
            told("a proxy integration cannot select claims of a user pool", "remove claims, or set integration: lambda")


def check_api(service: Service) -> None:
    """Tell what stops the framework at the API itself."""

    def told(what: str, key: str, remedy: str) -> None:
        place = service.place_in(service.provider, key)
        service.report("api-refused", place, what=what, remedy=remedy)

    provider = service.provider
    gateway = as_map(provider.get("apiGateway"))
    if gateway.get("restApiId"):
        if not gateway.get("restApiRootResourceId"):
            told("an API of another stack needs restApiRootResourceId", "apiGateway", "set restApiRootResourceId")
        for section, key in (("tracing", "apiGateway"), ("logs", "restApi")):
            if as_map(provider.get(section)).get(key) is not None:
                told(f"{section}.{key} works only for an API of this stack", section, f"remove {key}")
    kind = provider.get("endpointType")
    if provider.get("vpcEndpointIds") and isinstance(kind, str) and kind and kind.upper() != "PRIVATE":
        told("only private APIs have VPC endpoints", "vpcEndpointIds", "set endpointType: PRIVATE")
    if not re.fullmatch(r"[-_a-zA-Z0-9]+", service.stage):
        told(f"{service.stage[:60]!r} is not a valid stage name of an API", "stage", "use letters, digits, - and _")
