"""The methods of an API: what each one calls, with which parameters, and what it answers.

Source: osls 4.3.1 ``lib/plugins/aws/package/compile/events/api-gateway/lib/method/``: ``index.js``,
``integration.js`` and ``responses.js``. The request templates that the framework gives to every ``AWS`` integration
are not repeated here; those that a project writes are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.documents.nodes import as_map
from scopedown.project.serverless.events.parts.conversions import boolean, integer, string
from scopedown.project.serverless.events.parts.http_authorizers import Authorizer, permission_id
from scopedown.project.serverless.events.parts.http_cors import Cors
from scopedown.project.serverless.events.parts.http_endpoints import PROXIES, Endpoint, in_order, joined, rest_api
from scopedown.project.serverless.events.parts.http_paths import Paths
from scopedown.project.serverless.events.parts.http_resources import add_resource
from scopedown.project.serverless.events.parts.targets import Target, target_of
from scopedown.project.serverless.frameworks import V3
from scopedown.project.serverless.names import function_id
from scopedown.project.serverless.service import is_text
from scopedown.project.serverless.template import Template

_STATUS_CODES: Final[Mapping[str, Mapping[str, Any]]] = {
    "200": {"pattern": ""},
    **{code: {"pattern": rf"[\s\S]*\[{code}\][\s\S]*"} for code in ("400", "401", "403", "404", "422")},
    "500": {"pattern": r"[\s\S]*(Process\s?exited\s?before\s?completing\s?request|\[500\])[\s\S]*"},
    "502": {"pattern": r"[\s\S]*\[502\][\s\S]*"},
    "504": {"pattern": r"([\s\S]*\[504\][\s\S]*)|(.*Task timed out after \d+\.\d+ seconds$)"},
}
"""The status codes of a method, with the pattern of a function's error that each one answers."""


def method_id(paths: Paths, endpoint: Endpoint) -> str:
    """The logical id of an endpoint's method."""
    name = endpoint.method
    return f"ApiGatewayMethod{paths.name(endpoint.path)}{name[:1].upper()}{name[1:]}"


def compile_method(
    template: Template, paths: Paths, endpoint: Endpoint, authorizer: Authorizer | None, cors: Cors | None,
    requests: Mapping[str, Any],
) -> str:  # fmt: skip
    """Add an endpoint's method; its logical id. ``requests`` are properties that tell how requests are validated."""
    target = target_of(template.service, endpoint.function)
    id = method_id(paths, endpoint)
    settings = endpoint.settings
    authorization = authorizer.authorization if authorizer else {"AuthorizationType": "NONE"}
    properties = {
        "HttpMethod": endpoint.method.upper(),
        "RequestParameters": {
            name: required for name in endpoint.parameters if (required := endpoint.required(name)) is not None
        },
        "ResourceId": paths.reference(endpoint.path),
        "RestApiId": rest_api(template.service),
        "OperationName": string(settings.get("operationId")),
        "ApiKeyRequired": bool(boolean(settings, "private")),
        **authorization,
        "Integration": _integration(template, endpoint, target, cors),
        "MethodResponses": _method_responses(endpoint, cors),
        **requests,
    }
    # The framework merges what a method depends on by position: an authorizer stands where the permission stood.
    made = isinstance(authorization.get("AuthorizerId"), Mapping) and authorizer is not None and not authorizer.id
    depends = [authorizer.logical_id if made and authorizer else permission_id(endpoint.function)]
    depends += [target.alias_id] if target.alias_id else []
    add_resource(template, id, "AWS::ApiGateway::Method", properties, endpoint.place, DependsOn=depends)
    return id


def _integration(template: Template, endpoint: Endpoint, target: Target, cors: Cors | None) -> dict[str, Any]:
    kind, settings, request = endpoint.integration, endpoint.settings, endpoint.request
    mode = as_map(endpoint.response).get("transferMode") if kind in PROXIES else None
    timeout = integer(settings.get("timeoutInMillis"))
    timeout = timeout or integer(as_map(template.service.provider.get("apiGateway")).get("timeoutInMillis"))
    if template.service.framework == V3:  # which knows neither timeouts nor answers in a stream
        timeout = mode = None
    found: dict[str, Any] = {"IntegrationHttpMethod": "POST", "Type": kind, "TimeoutInMillis": timeout or None}
    if kind in ("AWS", "AWS_PROXY"):
        found["Uri"] = _function_uri(endpoint.function, target, kind == "AWS_PROXY" and mode == "STREAM")
    elif kind in ("HTTP", "HTTP_PROXY"):
        method = request.get("method")
        found["Uri"] = string(request.get("uri"))
        found["IntegrationHttpMethod"] = str(method if is_text(method) and method else endpoint.method).upper()
        if is_text(settings.get("connectionType")) and settings["connectionType"]:
            found["ConnectionType"] = str(settings["connectionType"]).upper().replace("-", "_", 1)
            found["ConnectionId"] = string(settings.get("connectionId"))
    if kind not in PROXIES:
        passes = request.get("passThrough") or ("NEVER" if kind == "AWS" else None)
        found["PassthroughBehavior"] = passes
        found["ContentHandling"] = request.get("contentHandling")
        templates = {name: string(text) for name, text in as_map(request.get("template")).items() if text is not None}
        found["RequestTemplates"] = templates or None
        found["IntegrationResponses"] = _integration_responses(endpoint, cors)
    runs_later = boolean(settings, "async")
    if (kind in ("AWS", "HTTP", "HTTP_PROXY") and endpoint.parameters) or runs_later:
        parameters = {
            f"integration.{name[len('method.') :]}": string(as_map(value).get("mappedValue")) or name
            for name, value in endpoint.parameters.items()
        }
        if runs_later:
            parameters["integration.request.header.X-Amz-Invocation-Type"] = "'Event'"
        found["RequestParameters"] = parameters
    found["ResponseTransferMode"] = mode
    return {key: value for key, value in found.items() if value is not None}


def _function_uri(key: str, target: Target, streams: bool) -> Mapping[str, Any]:
    version, path = ("2021-11-15", "/response-streaming-invocations") if streams else ("2015-03-31", "/invocations")
    alias = (":", target.alias) if target.alias else ()
    return joined(
        "arn:", {"Ref": "AWS::Partition"}, ":apigateway:", {"Ref": "AWS::Region"}, f":lambda:path/{version}/functions/",
        {"Fn::GetAtt": [function_id(key), "Arn"]}, *alias, path,
    )  # fmt: skip


def _status_codes(endpoint: Endpoint) -> list[tuple[str, Mapping[str, Any]]]:
    """The status codes that a method answers with, as a project writes them or as the framework takes them."""
    if endpoint.response is None:
        return list(_STATUS_CODES.items()) if endpoint.integration == "AWS" else []
    written = endpoint.response.get("statusCodes")
    if not isinstance(written, Mapping):
        return [] if endpoint.integration == "MOCK" else list(_STATUS_CODES.items())
    codes = {code: as_map(config) for code, config in written.items()}
    if endpoint.integration != "MOCK" and not any(config.get("pattern") == "" for config in codes.values()):
        codes["200"] = _STATUS_CODES["200"]
    return list(in_order(codes))


def _headers(endpoint: Endpoint, cors: Cors | None) -> dict[str, Any]:
    """The headers that all of a method's answers carry."""
    headers = dict(cors.response_headers) if cors else {}
    return headers | dict(as_map(as_map(endpoint.response).get("headers")))


def _integration_responses(endpoint: Endpoint, cors: Cors | None) -> list[dict[str, Any]]:
    shared = _headers(endpoint, cors)
    response = as_map(endpoint.response)
    found = []
    for code, config in _status_codes(endpoint):
        headers = shared | dict(as_map(config.get("headers")))
        templates: dict[str, Any] = {}
        if response.get("template"):
            templates["application/json"] = string(response["template"])
        own = config.get("template")
        if isinstance(own, Mapping):
            templates |= {name: string(text) for name, text in own.items()}
        elif own:
            templates["application/json"] = string(own)
        answer = {
            "StatusCode": code,
            "SelectionPattern": string(config.get("pattern")) or "",
            "ResponseParameters": {f"method.response.header.{name}": string(value) for name, value in headers.items()},
            "ResponseTemplates": templates,
        }
        if code.startswith("2") and response.get("contentHandling") is not None:
            answer["ContentHandling"] = response["contentHandling"]
        found.append(answer)
    return found


def _method_responses(endpoint: Endpoint, cors: Cors | None) -> list[dict[str, Any]]:
    if endpoint.integration in PROXIES:
        return []
    shared = _headers(endpoint, cors)
    return [
        {
            "ResponseParameters": {
                f"method.response.header.{name}": True for name in shared | dict(as_map(config.get("headers")))
            },
            "ResponseModels": {},
            "StatusCode": code,
        }
        for code, config in _status_codes(endpoint)
    ]
