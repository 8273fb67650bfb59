"""The event ``http`` of state machines, which serverless-step-functions compiles after all events of functions.

API Gateway starts the machine itself, in a role that the plugin makes for the whole API: it may start every machine.
Source: serverless-step-functions 3.21.1 (MIT) ``lib/deploy/events/apiGateway``. The request templates that the plugin
gives to every method are not repeated here; those that a project writes are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.model import Event
from scopedown.project.serverless.events.parts.conversions import string, truthy
from scopedown.project.serverless.events.parts.http_authorizers import (
    HEADER,
    IAM,
    USER_POOLS,
    Authorizer,
    authorizer_of,
)
from scopedown.project.serverless.events.parts.http_authorizers import compile_authorizers as add_authorizers
from scopedown.project.serverless.events.parts.http_cors import ANY, Cors, add_options, comma, preflight, quoted
from scopedown.project.serverless.events.parts.http_endpoints import REST_API, Endpoint, endpoint_of, joined, rest_api
from scopedown.project.serverless.events.parts.http_methods import method_id
from scopedown.project.serverless.events.parts.http_models import checked_requests, compile_models
from scopedown.project.serverless.events.parts.http_paths import Paths, compile_paths
from scopedown.project.serverless.events.parts.http_resources import add_resource
from scopedown.project.serverless.events.parts.http_stage import (
    DEPLOYMENT,
    add_address,
    api_name,
    endpoint_configuration,
    resource_policy,
)
from scopedown.project.serverless.names import concat
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template

ROLE: Final = "ApigatewayToStepFunctionsRole"
_PLUGIN: Final = "serverless-step-functions"
_HEADERS: Final = (
    "Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token", "X-Amz-User-Agent",
)  # fmt: skip
_ARN: Final = re.compile(r"arn:[^:\n]*:[^:\n]*:[^:\n]*:[^:\n]*:([^:/]*)")


def compile_machine_api(template: Template) -> None:
    """Add the API of all state machines' http events, or their part of the functions' one."""
    service = template.service
    endpoints = _endpoints(service) if service.has_plugin(_PLUGIN) else []
    if not endpoints:
        return
    place = endpoints[0].place
    gateway = as_map(service.provider.get("apiGateway"))
    if not gateway.get("restApiId"):
        properties = {
            "Name": api_name(service),
            "EndpointConfiguration": endpoint_configuration(service),
            "Policy": resource_policy(gateway.get("resourcePolicy") or service.provider.get("resourcePolicy")),
        }
        add_resource(template, REST_API, "AWS::ApiGateway::RestApi", properties, place, merges=True)
    paths = compile_paths(template, endpoints)
    cors = [(endpoint, _cors(endpoint)) for endpoint in endpoints]
    authorizers = [(endpoint, _authorizer(service, endpoint)) for endpoint in endpoints]
    schemas = [endpoint for endpoint in endpoints if as_map(endpoint.request.get("schemas"))]
    checks = checked_requests(service, paths, schemas)
    methods = []
    for (endpoint, authorizer), (_, allowed) in zip(authorizers, cors, strict=True):
        id = method_id(paths, endpoint)
        _method(template, paths, id, endpoint, authorizer, allowed, checks.get(id, {}))
        methods.append(id)
    compile_models(template, paths, schemas, rest_api(service))
    add_authorizers(template, [(endpoint, found) for endpoint, found in authorizers if found], merges=True)
    _permissions(template, place)
    for path, (merged, where) in preflight(cors).items():
        add_options(template, paths, path, _preflight_headers(merged), "", where, merges=True)
    _role(template, endpoints)
    _deployment(template, methods, place)
    _keys(template, gateway)


def _endpoints(service: Service) -> list[Endpoint]:
    found = []
    unknown: dict[object, str] = {}
    machines = as_map(as_map(service.step_functions).get("stateMachines"))
    for key, machine in machines.items():
        events = as_map(machine).get("events")
        for index, event in enumerate(as_list(events)):
            settings = as_map(event).get("http")
            if settings:
                where = service.place_in(events, index)
                endpoint = endpoint_of(service, key, Event("http", settings, where), unknown)
                if endpoint is not None:
                    found.append(endpoint)
    return found


def _authorizer(service: Service, endpoint: Endpoint) -> Authorizer | None:
    """An event's authorizer; every one that names no identity source reads the header."""
    found = authorizer_of(service, endpoint)
    return found if found is None or found.source is not None else replace(found, source=HEADER)


def _cors(endpoint: Endpoint) -> Cors | None:
    written = endpoint.settings.get("cors")
    if not truthy(written):
        return None
    method = endpoint.method.upper()
    if not isinstance(written, Mapping):
        return Cors(origins=["*"], headers=list(_HEADERS), methods=["OPTIONS", method])
    methods = as_list(written.get("methods"))
    methods = [*methods, *(name for name in ("OPTIONS", method) if name not in methods)]
    headers = as_list(written.get("headers")) if truthy(written.get("headers")) else list(_HEADERS)
    return Cors(
        written.get("origin"), as_list(written.get("origins")), headers, methods,
        bool(written.get("allowCredentials")), written.get("maxAge"),
    )  # fmt: skip


def _preflight_headers(cors: Cors) -> dict[str, Any]:
    methods = comma(cors.methods)
    if "ANY" in cors.methods and isinstance(methods, str):
        methods = methods.replace("ANY", ANY, 1)
    headers = {
        "Access-Control-Allow-Origin": quoted(comma(cors.origins) if cors.origins else cors.origin or "*"),
        "Access-Control-Allow-Headers": quoted(comma(cors.headers)),
        "Access-Control-Allow-Methods": quoted(methods),
        "Access-Control-Allow-Credentials": quoted(cors.credentials),
    }
    return headers | ({"Access-Control-Max-Age": quoted(cors.max_age)} if cors.max_age else {})


def _method(
    template: Template, paths: Paths, id: str, endpoint: Endpoint, authorizer: Authorizer | None, cors: Cors | None,
    requests: Mapping[str, Any],
) -> None:  # fmt: skip
    settings = endpoint.settings
    action = string(settings.get("action"))
    response, request = as_map(settings.get("response")), as_map(settings.get("request"))
    headers = {f"method.response.header.{name}": value for name, value in as_map(response.get("headers")).items()}
    origin: dict[str, Any] = {}
    if cors is not None:
        value = quoted(comma(cors.origins) if cors.origins else cors.origin)
        origin = {"method.response.header.Access-Control-Allow-Origin": value}
    codes: tuple[tuple[int, dict[str, Any], Any], ...] = (
        (200, headers | origin, response.get("template") or {}),
        (400, origin, {}),
    )
    properties = {
        "HttpMethod": endpoint.method.upper(),
        "RequestParameters": {},
        "ApiKeyRequired": bool(settings.get("private")),
        "ResourceId": paths.reference(endpoint.path),
        "RestApiId": rest_api(template.service),
        "Integration": {
            "IntegrationHttpMethod": "POST",
            "Type": "AWS",
            "Credentials": settings.get("iamRole", {"Fn::GetAtt": [ROLE, "Arn"]}),
            "Uri": joined(
                "arn:", {"Ref": "AWS::Partition"}, ":apigateway:", {"Ref": "AWS::Region"},
                f":states:action/{action or 'StartExecution'}",
            ),
            "PassthroughBehavior": "WHEN_NO_TEMPLATES" if action else "NEVER",
            "RequestTemplates": dict(as_map(request.get("template"))),
            "IntegrationResponses": [
                {
                    "StatusCode": code,
                    "SelectionPattern": code,
                    "ResponseParameters": parameters,
                    "ResponseTemplates": templates,
                }
                for code, parameters, templates in codes
            ],
        },
        "MethodResponses": [
            {"ResponseParameters": parameters, "ResponseModels": {}, "StatusCode": code}
            for code, parameters, _ in codes
        ],
        **_authorization(authorizer),
        **requests,
    }  # fmt: skip
    depends = authorizer.logical_id if authorizer and authorizer.arn else None
    add_resource(template, id, "AWS::ApiGateway::Method", properties, endpoint.place, merges=True, DependsOn=depends)


def _authorization(authorizer: Authorizer | None) -> dict[str, Any]:
    if authorizer is None:
        return {"AuthorizationType": "NONE"}
    if authorizer.type == IAM:
        return {"AuthorizationType": IAM}
    scopes = list(authorizer.scopes) or None
    if authorizer.type and authorizer.id:
        kind, id = authorizer.type, authorizer.id
    else:
        pool = authorizer.has_user_pool_arn
        kind, id = USER_POOLS if pool else "CUSTOM", {"Ref": authorizer.logical_id}
        scopes = scopes if pool else None
    found = {"AuthorizationType": kind, "AuthorizerId": id, "AuthorizationScopes": scopes}
    return {name: value for name, value in found.items() if value is not None}


def _permissions(template: Template, place: Place) -> None:
    """Let API Gateway call the functions of all authorizers, with no word on which API may."""
    for authorizer in list(template.resources.values()):
        if authorizer.type != "AWS::ApiGateway::Authorizer" or authorizer.properties.get("Type") not in (
            "CUSTOM",
            "TOKEN",
        ):
            continue
        parts = as_list(as_list(as_map(authorizer.properties.get("AuthorizerUri")).get("Fn::Join"))[1:2])
        joined_parts = as_list(parts[0]) if parts else []
        named = next((as_list(part["Fn::GetAtt"]) for part in joined_parts if "Fn::GetAtt" in as_map(part)), [])
        target = next(iter(named or joined_parts[-2:-1]), None)
        if not isinstance(target, str):
            continue
        arn = _ARN.match(target)
        properties = {
            "FunctionName": target if arn else {"Fn::GetAtt": [target, "Arn"]},
            "Action": "lambda:InvokeFunction",
            "Principal": {"Fn::Sub": "apigateway.${AWS::URLSuffix}"},
        }
        id = f"{arn[1] if arn else target}LambdaPermission"
        add_resource(template, id, "AWS::Lambda::Permission", properties, place, merges=True)


def _role(template: Template, endpoints: list[Endpoint]) -> None:
    """Add the role of the events that name none."""
    own = [endpoint for endpoint in endpoints if "iamRole" not in endpoint.settings]
    if not own:
        return
    named = (string(endpoint.settings["action"]) for endpoint in endpoints if "action" in endpoint.settings)
    actions = dict.fromkeys(["states:StartExecution", *(concat("states:", name) for name in named if is_text(name))])
    trust = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
    properties = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [
            {
                "PolicyName": "apigatewaytostepfunctions",
                "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            }
        ],
    }
    add_resource(template, ROLE, "AWS::IAM::Role", properties, own[0].place, merges=True)


def _deployment(template: Template, methods: list[str], place: Place) -> None:
    before = template.resources.get(DEPLOYMENT)
    properties = before.properties if before else {"RestApiId": rest_api(template.service)}
    if before:
        methods = [*map(str, as_list(before.attributes.get("DependsOn"))), *methods]
        place = before.place
    else:
        properties = {**properties, "StageName": template.service.stage}
    template.add(DEPLOYMENT, "AWS::ApiGateway::Deployment", properties, place, DependsOn=methods)
    add_address(template)


def _keys(template: Template, gateway: Mapping[str, Any]) -> None:
    """Keys and the one usage plan; the plugin knows no plans of a name."""
    service = template.service
    keys = gateway.get("apiKeys") or service.provider.get("apiKeys")
    plan = gateway.get("usagePlan", service.provider.get("usagePlan"))
    api: Any = {} if gateway.get("restApiId") else {"Ref": REST_API}
    place = service.place_in(service.provider, "apiGateway" if gateway else "apiKeys")
    for number, key in enumerate(as_list(keys), 1):
        properties: dict[str, Any] = {
            "Enabled": True, "Name": string(key), "StageKeys": [{"RestApiId": api, "StageName": service.stage}],
        }  # fmt: skip
        id = f"ApiGatewayApiKey{number}"
        add_resource(template, id, "AWS::ApiGateway::ApiKey", properties, place, merges=True, DependsOn=DEPLOYMENT)
    if not truthy(keys) and not truthy(plan):
        return
    quota, throttle = as_map(plan).get("quota"), as_map(plan).get("throttle")
    properties = {
        "ApiStages": [{"ApiId": api, "Stage": service.stage}],
        "Description": concat("Usage plan for ", service.name, f" {service.stage} stage"),
        "UsagePlanName": concat(service.name, f"-{service.stage}"),
        "Quota": _limits(quota, Limit="limit", Offset="offset", Period="period"),
        "Throttle": _limits(throttle, BurstLimit="burstLimit", RateLimit="rateLimit"),
    }
    id = "ApiGatewayUsagePlan"
    add_resource(template, id, "AWS::ApiGateway::UsagePlan", properties, place, merges=True, DependsOn=DEPLOYMENT)
    for number, _ in enumerate(as_list(keys), 1):
        properties = {
            "KeyId": {"Ref": f"ApiGatewayApiKey{number}"}, "KeyType": "API_KEY", "UsagePlanId": {"Ref": id},
        }  # fmt: skip
        key_id = f"ApiGatewayUsagePlanKey{number}"
        add_resource(template, key_id, "AWS::ApiGateway::UsagePlanKey", properties, place, merges=True)


def _limits(written: Any, **names: str) -> dict[str, Any] | None:
    if not isinstance(written, Mapping):
        return None
    return {name: written[key] for name, key in names.items() if written.get(key) is not None}
