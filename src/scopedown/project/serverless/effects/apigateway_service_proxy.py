"""serverless-apigateway-service-proxy 2.2.2 (MIT), ``lib``: methods of the REST API that call a service of AWS.

Each item of ``custom.apiGatewayServiceProxies`` is a method, which API Gateway answers by a call of Kinesis, SQS, S3,
SNS, DynamoDB or EventBridge. It makes that call in a role that the plugin makes for each of these services, or in the
item's ``roleArn``. The templates that the plugin writes for requests and answers are not repeated here, since no
permission depends on them; those of the project are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from scopedown.core.place import Place
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.model import Event
from scopedown.project.serverless.effects.parts.service_proxies import S3, TARGETS, Proxy, Target
from scopedown.project.serverless.events.parts.http_cors import Cors, comma, compile_cors, preflight, quoted
from scopedown.project.serverless.events.parts.http_endpoints import REST_API, Endpoint, endpoint_of, rest_api
from scopedown.project.serverless.events.parts.http_methods import method_id
from scopedown.project.serverless.events.parts.http_paths import Paths, compile_paths
from scopedown.project.serverless.events.parts.http_resources import add_resource
from scopedown.project.serverless.events.parts.http_stage import compile_deployment, compile_rest_api
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

_HEADERS: Final = (
    "Content-Type", "X-Amz-Date", "Authorization", "X-Api-Key", "X-Amz-Security-Token", "X-Amz-User-Agent",
)  # fmt: skip
_ORIGIN: Final = "method.response.header.Access-Control-Allow-Origin"
_LOGS: Final = {
    "Effect": "Allow",
    "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": "*",
}


def _extend(template: Template) -> None:
    proxies = _proxies(template)
    if not proxies:
        return
    place = proxies[0].endpoint.place
    if REST_API not in template.resources:
        compile_rest_api(template, place)
    paths = compile_paths(template, [proxy.endpoint for proxy in proxies])
    allowed = preflight([(proxy.endpoint, _with_origin(proxy.cors)) for proxy in proxies])
    methods = compile_cors(template, paths, allowed)
    for name, target in TARGETS.items():
        own = [proxy for proxy in proxies if proxy.target == name]
        if own and (target.always or not all(proxy.settings.get("roleArn") for proxy in own)):
            _role(template, name, target, own)
        for proxy in own:
            methods.append(_method(template, paths, target, proxy))
    _deploy(template, methods, place)


def _proxies(template: Template) -> list[Proxy]:
    service = template.service
    written = service.custom.get("apiGatewayServiceProxies")
    unknown: dict[object, str] = {}
    found = []
    for index, item in enumerate(as_list(written)):
        name = next(iter(as_map(item)), "")
        if name not in TARGETS:
            continue
        event = Event(name, as_map(item)[name], service.place_in(written, index))
        endpoint = endpoint_of(service, f"apiGatewayServiceProxies.{index}", event, unknown)
        if endpoint is not None:
            found.append(Proxy(name, endpoint, _cors(endpoint)))
    return found


def _cors(endpoint: Endpoint) -> Cors | None:
    written, method = endpoint.settings.get("cors"), endpoint.method.upper()
    if not written:
        return None
    if not isinstance(written, Mapping):
        return Cors("*", ["*"], list(_HEADERS), ["OPTIONS", method])
    methods = as_list(written.get("methods"))
    return Cors(
        written.get("origin"),
        as_list(written.get("origins")),
        as_list(written.get("headers")) or list(_HEADERS),
        [*methods, *(name for name in ("OPTIONS", method) if name not in methods)],
        bool(written.get("allowCredentials")),
        written.get("maxAge"),
        written.get("cacheControl"),
    )


def _with_origin(cors: Cors | None) -> Cors | None:
    """What the OPTIONS method allows: every origin, where the item names none."""
    return replace(cors, origin=cors.origin or "*") if cors is not None else None


def _deploy(template: Template, methods: list[str], place: Place) -> None:
    deployments = [id for id, one in template.resources.items() if one.type == "AWS::ApiGateway::Deployment"]
    for id in deployments:
        before = template.resources[id]
        depends = before.attributes.get("DependsOn") or []
        ids = [depends] if isinstance(depends, str) else as_list(depends)
        template.put(id, before.properties, DependsOn=[*ids, *methods])
    if not deployments:
        compile_deployment(template, methods, place)


# -- roles -------------------------------------------------------------------------------------------------------------


def _role(template: Template, name: str, target: Target, proxies: list[Proxy]) -> None:
    statements = [_LOGS, *target.statements(proxies)]
    trust = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    properties = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [
            {
                "PolicyName": f"apigatewayto{name}",
                "PolicyDocument": {"Version": "2012-10-17", "Statement": statements},
            }
        ],
    }
    add_resource(template, target.role, "AWS::IAM::Role", properties, proxies[0].endpoint.place, merges=True)


# -- methods -----------------------------------------------------------------------------------------------------------


def _method(template: Template, paths: Paths, target: Target, proxy: Proxy) -> str:
    endpoint, settings = proxy.endpoint, proxy.settings
    integration = {
        "IntegrationHttpMethod": "POST",
        "Type": "AWS",
        "Credentials": (None if target.always else settings.get("roleArn")) or {"Fn::GetAtt": [target.role, "Arn"]},
        "RequestTemplates": dict(as_map(as_map(settings.get("request")).get("template"))),
        **target.integration(settings),
    }
    responses = target.responses(settings)
    codes = (200, 400, 500, 206) if target is S3 else (200, 400, 500)
    answers: dict[int, dict[str, Any]] = {code: {} for code in codes}
    accepted = dict(as_map(settings.get("acceptParameters")))
    if proxy.cors is not None:
        origin = quoted(comma(proxy.cors.origins) if proxy.cors.origins else proxy.cors.origin)
        answers = {code: {_ORIGIN: origin} for code in answers}
        for response in responses:
            response["ResponseParameters"][_ORIGIN] = origin
    if target is S3:  # what an integration takes of a request or gives of an answer, the method must name as well
        given = as_map(integration["RequestParameters"]).values()
        accepted |= {one: True for one in given if isinstance(one, str) and one.startswith("method.")}
        for response in responses:
            answers[response["StatusCode"]] |= dict.fromkeys(response["ResponseParameters"], True)
    id = method_id(paths, endpoint)
    properties = {
        "HttpMethod": endpoint.method.upper(),
        "RequestParameters": accepted,
        "AuthorizationScopes": settings.get("authorizationScopes"),
        "AuthorizationType": settings.get("authorizationType") or "NONE",
        "AuthorizerId": settings.get("authorizerId"),
        "ApiKeyRequired": bool(settings.get("private")),
        "ResourceId": paths.reference(endpoint.path),
        "RestApiId": rest_api(template.service),
        "Integration": {**integration, "IntegrationResponses": responses},
        "MethodResponses": [
            {"ResponseParameters": headers, "ResponseModels": {}, "StatusCode": code}
            for code, headers in answers.items()
        ],
    }
    add_resource(template, id, "AWS::ApiGateway::Method", properties, endpoint.place, merges=True)
    return id


EFFECT: Final = Effect(extend=_extend)
