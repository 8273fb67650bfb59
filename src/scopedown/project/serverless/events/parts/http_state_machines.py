"""The event ``http`` of state machines, which serverless-step-functions compiles after all events of functions.

API Gateway starts the machine itself, in a role that the plugin makes for the whole API: it may start every machine.
Source: serverless-step-functions 3.21.1 (MIT) ``lib/deploy/events/apiGateway``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.model import Event
from scopedown.project.references import Reference, references
from scopedown.project.serverless.conversions import string, truthy
from scopedown.project.serverless.events.parts.http_authorizers import authorizer_of
from scopedown.project.serverless.events.parts.http_authorizers import compile_authorizers as add_authorizers
from scopedown.project.serverless.events.parts.http_endpoints import REST_API, Endpoint, endpoint_of, rest_api
from scopedown.project.serverless.events.parts.http_methods import add_method, compile_cors, compile_models
from scopedown.project.serverless.events.parts.http_paths import Paths, compile_paths
from scopedown.project.serverless.events.parts.http_stage import DEPLOYMENT, endpoint_configuration, resource_policy
from scopedown.project.serverless.events.parts.targets import Target, add_permission
from scopedown.project.serverless.names import concat
from scopedown.project.serverless.service import Service, is_text
from scopedown.project.serverless.template import Template, allowed, policy, trust

ROLE: Final = "ApigatewayToStepFunctionsRole"
_ARN: Final = re.compile(r"arn:[^:\n]*:[^:\n]*:[^:\n]*:[^:\n]*:([^:/]*)")


def compile_machine_api(template: Template) -> None:
    """Add the API of all state machines' http events, or their part of the functions' one."""
    service = template.service
    endpoints = _endpoints(service)
    if not endpoints:
        return
    place = endpoints[0].place
    gateway = as_map(service.provider.get("apiGateway"))
    if not gateway.get("restApiId"):
        before = template.resources.get(REST_API)
        policy = resource_policy(gateway.get("resourcePolicy") or service.provider.get("resourcePolicy"))
        properties = {
            **(before.properties if before else {}),
            "EndpointConfiguration": endpoint_configuration(service),
            **({"Policy": policy} if policy else {}),
        }
        template.add(REST_API, "AWS::ApiGateway::RestApi", properties, place)
    paths = compile_paths(template, endpoints)
    for endpoint in endpoints:
        _method(template, paths, endpoint)
    compile_models(template, paths, [one for one in endpoints if as_map(one.request.get("schemas"))], rest_api(service))
    authorizers = [(endpoint, authorizer_of(service, endpoint)) for endpoint in endpoints]
    add_authorizers(template, [(endpoint, found) for endpoint, found in authorizers if found])
    _permissions(template, place)
    compile_cors(template, paths, [endpoint for endpoint in endpoints if truthy(endpoint.settings.get("cors"))])
    _role(template, endpoints)
    if DEPLOYMENT not in template.resources:
        properties = {"RestApiId": rest_api(service), "StageName": service.stage}
        template.add(DEPLOYMENT, "AWS::ApiGateway::Deployment", properties, place)
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


def _method(template: Template, paths: Paths, endpoint: Endpoint) -> None:
    credentials = endpoint.settings.get("iamRole", {"Fn::GetAtt": [ROLE, "Arn"]})
    add_method(template, paths, endpoint, {"Credentials": credentials})


def _permissions(template: Template, place: Place) -> None:
    """Let API Gateway call the functions of all authorizers, with no word on which API may."""
    for authorizer in list(template.resources.values()):
        if authorizer.type != "AWS::ApiGateway::Authorizer" or authorizer.properties.get("Type") not in (
            "CUSTOM",
            "TOKEN",
        ):
            continue
        called = authorizer.properties.get("AuthorizerUri")
        target = called if isinstance(called, str) else next(iter(references(called)), Reference("")).name or None
        if not isinstance(target, str):
            continue
        arn = _ARN.match(target)
        called = target if arn else {"Fn::GetAtt": [target, "Arn"]}
        principal = {"Fn::Sub": "apigateway.${AWS::URLSuffix}"}
        add_permission(template, f"{arn[1] if arn else target}LambdaPermission", Target(called), principal, place)


def _role(template: Template, endpoints: list[Endpoint]) -> None:
    """Add the role of the events that name none."""
    own = [endpoint for endpoint in endpoints if "iamRole" not in endpoint.settings]
    if not own:
        return
    named = (string(endpoint.settings["action"]) for endpoint in endpoints if "action" in endpoint.settings)
    actions = dict.fromkeys(["states:StartExecution", *(concat("states:", name) for name in named if is_text(name))])
    properties = {
        "AssumeRolePolicyDocument": trust("apigateway.amazonaws.com"),
        "Policies": [policy("apigatewaytostepfunctions", allowed(list(actions), "*"))],
    }
    template.add(ROLE, "AWS::IAM::Role", properties, own[0].place)


def _keys(template: Template, gateway: Mapping[str, Any]) -> None:
    """Keys and the one usage plan; the plugin knows no plans of a name."""
    service = template.service
    keys = gateway.get("apiKeys") or service.provider.get("apiKeys")
    plan = gateway.get("usagePlan", service.provider.get("usagePlan"))
    api: Any = {} if gateway.get("restApiId") else {"Ref": REST_API}
    place = service.place_in(service.provider, "apiGateway" if gateway else "apiKeys")
    for number, _ in enumerate(as_list(keys), 1):
        template.add(f"ApiGatewayApiKey{number}", "AWS::ApiGateway::ApiKey", {}, place)
    if not truthy(keys) and not truthy(plan):
        return
    stages = {"ApiStages": [{"ApiId": api, "Stage": service.stage}]}
    template.add("ApiGatewayUsagePlan", "AWS::ApiGateway::UsagePlan", stages, place)
    for number, _ in enumerate(as_list(keys), 1):
        properties = {"UsagePlanId": {"Ref": "ApiGatewayUsagePlan"}}
        template.add(f"ApiGatewayUsagePlanKey{number}", "AWS::ApiGateway::UsagePlanKey", properties, place)
