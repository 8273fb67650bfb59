"""Plugins that change the REST API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, as_map
from scopedown.documents.scalars import js_text
from scopedown.project.model import Event
from scopedown.project.serverless.events.parts.http_endpoints import REST_API, Endpoint, endpoint_of, rest_api
from scopedown.project.serverless.events.parts.http_methods import add_method, compile_cors
from scopedown.project.serverless.events.parts.http_paths import compile_paths
from scopedown.project.serverless.events.parts.http_stage import compile_deployment, compile_rest_api
from scopedown.project.serverless.names import Name, concat
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template, allowed, policy, trust

_ROLES: Final = {
    "kinesis": "ApigatewayToKinesisRole",
    "sqs": "ApigatewayToSqsRole",
    "s3": "ApigatewayToS3Role",
    "sns": "ApigatewayToSnsRole",
    "dynamodb": "ApigatewayToDynamodbRole",
    "eventbridge": "ApigatewayToEventBridgeRole",
}
"""The role of each service, by the item's first key, in the plugin's order."""
_CALLS: Final = {
    "kinesis": ("kinesis", "stream/", "streamName", ["kinesis:PutRecord", "kinesis:PutRecords"]),
    "sqs": ("sqs", "", "queueName", ["sqs:SendMessage"]),
    "sns": ("sns", "", "topicName", ["sns:Publish"]),
    "eventbridge": ("events", "event-bus/", "eventBusName", ["events:PutEvents"]),
}
"""The services whose role has one statement on all that its items name: the service and the begin of the resource in
the ARN, the setting with its name, the actions."""


def _apigateway_service_proxy(template: Template) -> None:
    """serverless-apigateway-service-proxy 2.2.2 (MIT), ``lib``: methods of the REST API that call a service of AWS.

    Each item of ``custom.apiGatewayServiceProxies`` is a method, which API Gateway answers by a call of Kinesis, SQS,
    S3, SNS, DynamoDB or EventBridge. It makes that call in a role that the plugin makes for each of these services, or
    in the item's ``roleArn``.
    """
    proxies = _proxies(template)
    if not proxies:
        return
    endpoints = [endpoint for _, endpoint in proxies]
    place = endpoints[0].place
    if REST_API not in template.resources:
        compile_rest_api(template, place)
    paths = compile_paths(template, endpoints)
    compile_cors(template, paths, [endpoint for endpoint in endpoints if endpoint.settings.get("cors")])
    for name, role in _ROLES.items():
        own = [endpoint for service, endpoint in proxies if service == name]
        always = name == "dynamodb"  # whose items cannot name another role
        if own and (always or not all(endpoint.settings.get("roleArn") for endpoint in own)):
            template.add(role, "AWS::IAM::Role", _role(name, own), own[0].place)
        for endpoint in own:
            given = None if always else endpoint.settings.get("roleArn")
            add_method(template, paths, endpoint, {"Credentials": given or {"Fn::GetAtt": [role, "Arn"]}})
    if not any(one.type == "AWS::ApiGateway::Deployment" for one in template.resources.values()):
        compile_deployment(template, place)


def _proxies(template: Template) -> list[tuple[str, Endpoint]]:
    """The items, each with its service."""
    service = template.service
    written = service.custom.get("apiGatewayServiceProxies")
    unknown: dict[object, str] = {}
    found = []
    for index, item in enumerate(as_list(written)):
        name = next(iter(as_map(item)), "")
        if name not in _ROLES:
            continue
        event = Event(name, as_map(item)[name], service.place_in(written, index))
        endpoint = endpoint_of(service, f"apiGatewayServiceProxies.{index}", event, unknown)
        if endpoint is not None:
            found.append((name, endpoint))
    return found


def _role(name: str, endpoints: list[Endpoint]) -> dict[str, Any]:
    logs = allowed(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], "*")
    policies = [policy(f"apigatewayto{name}", logs, *_statements(name, endpoints))]
    return {"AssumeRolePolicyDocument": trust("apigateway.amazonaws.com"), "Policies": policies}


def _statements(name: str, endpoints: list[Endpoint]) -> list[dict[str, Any]]:
    if name in _CALLS:
        service, begin, key, actions = _CALLS[name]
        resources = [_arn(service, begin, key, endpoint.settings) for endpoint in endpoints]
        return [allowed(actions, resources)]
    found = []
    for settings in (endpoint.settings for endpoint in endpoints):
        action: Name = Text.unknown("the action of the proxy is not known")
        if isinstance(written := settings.get("action"), str | Text):
            action = written
        if name == "s3":
            below = {"Fn::Join": ["", [_bucket(settings), "/*"]]}
            found.append(allowed(concat("s3:", action, "*"), below))
        else:
            table = _arn("dynamodb", "table/", "tableName", settings)
            found.append(allowed(concat("dynamodb:", action), table))
    return found


def _arn(service: str, begin: str, key: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    text = f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{begin}${{{key}}}"
    return {"Fn::Sub": [text, {key: settings.get(key)}]}


def _bucket(settings: Mapping[str, Any]) -> dict[str, Any]:
    bucket = settings.get("bucket")
    if referred := as_map(bucket).get("Ref"):
        return {"Fn::GetAtt": [referred, "Arn"]}
    return {"Fn::Sub": ["arn:${AWS::Partition}:s3:::${bucket}", {"bucket": bucket}]}


def _aws_documentation(template: Template) -> None:
    """serverless-aws-documentation 1.1.0 (MIT), ``src``: ``custom.documentation.models`` become models of a REST API.

    What it says about methods no permission depends on; its documentation is made by calls after the deployment.
    """
    service = template.service
    written = as_map(service.custom.get("documentation"))
    for model in as_list(written.get("models")):
        name = as_map(model).get("name")
        id = f"{js_text(name, null='undefined')}Model"
        properties = {"RestApiId": rest_api(service), "Name": name}
        template.add(id, "AWS::ApiGateway::Model", properties, service.place_in(written, "models"))


_STAGE: Final = "ApiGatewayStage"


def _stage_variables(template: Template) -> None:
    """serverless-plugin-stage-variables 1.10.1 (MIT), ``src/index.js``: the stage of the REST API as a resource."""
    service = template.service
    for id, resource in template.all().items():
        if resource.type == "AWS::ApiGateway::Deployment":
            kept = {name: value for name, value in resource.properties.items() if name != "StageName"}
            template.put(id, kept)
            properties: dict[str, Any] = {
                "StageName": service.stage,
                "RestApiId": as_map(service.provider.get("apiGateway")).get("restApiId")
                or {"Ref": "ApiGatewayRestApi"},
            }
            if _STAGE in template.all():
                template.change(_STAGE, **properties)
            else:
                template.add(_STAGE, "AWS::ApiGateway::Stage", properties, resource.place)


EFFECTS: Final = {
    "apigateway_service_proxy": Effect(extend=_apigateway_service_proxy),
    "aws_documentation": Effect(extend=_aws_documentation),
    "stage_variables": Effect(finish=_stage_variables),
}
