"""The event ``http``: methods of one REST API of API Gateway for all functions.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/index.js``, which compiles the parts in the
order of :func:`compile`.
"""

from __future__ import annotations

from typing import Final

from scopedown.project.serverless.event_kinds import EventKind
from scopedown.project.serverless.events.parts.http_authorizers import (
    authorizer_of,
    compile_authorizers,
    compile_permissions,
)
from scopedown.project.serverless.events.parts.http_checks import check_api, check_endpoint
from scopedown.project.serverless.events.parts.http_endpoints import endpoints_of
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
