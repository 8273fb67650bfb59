"""serverless-apigateway-service-proxy 2.2.2 (MIT), ``lib``: methods of the REST API that call a service of AWS.

Each item of ``custom.apiGatewayServiceProxies`` is a method, which API Gateway answers by a call of Kinesis, SQS, S3,
SNS, DynamoDB or EventBridge. It makes that call in a role that the plugin makes for each of these services, or in the
item's ``roleArn``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from scopedown.core.text import Text
from scopedown.documents.nodes import as_list, as_map
from scopedown.project.model import Event
from scopedown.project.serverless.events.parts.http_cors import compile_cors
from scopedown.project.serverless.events.parts.http_endpoints import REST_API, Endpoint, endpoint_of
from scopedown.project.serverless.events.parts.http_methods import add_method
from scopedown.project.serverless.events.parts.http_paths import compile_paths
from scopedown.project.serverless.events.parts.http_stage import compile_deployment, compile_rest_api
from scopedown.project.serverless.names import Name, concat
from scopedown.project.serverless.plugin_effects import Effect
from scopedown.project.serverless.template import Template

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
_LOGS: Final = {
    "Effect": "Allow",
    "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": "*",
}


def _extend(template: Template) -> None:
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
    trust = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [_LOGS, *_statements(name, endpoints)]}
    return {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [{"PolicyName": f"apigatewayto{name}", "PolicyDocument": document}],
    }


def _statements(name: str, endpoints: list[Endpoint]) -> list[dict[str, Any]]:
    if name in _CALLS:
        service, begin, key, actions = _CALLS[name]
        resources = [_arn(service, begin, key, endpoint.settings) for endpoint in endpoints]
        return [{"Effect": "Allow", "Action": actions, "Resource": resources}]
    found = []
    for settings in (endpoint.settings for endpoint in endpoints):
        action: Name = Text.unknown("the action of the proxy is not known")
        if isinstance(written := settings.get("action"), str | Text):
            action = written
        if name == "s3":
            below = {"Fn::Join": ["", [_bucket(settings), "/*"]]}
            found.append({"Effect": "Allow", "Action": concat("s3:", action, "*"), "Resource": below})
        else:
            table = _arn("dynamodb", "table/", "tableName", settings)
            found.append({"Effect": "Allow", "Action": concat("dynamodb:", action), "Resource": table})
    return found


def _arn(service: str, begin: str, key: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    text = f"arn:${{AWS::Partition}}:{service}:${{AWS::Region}}:${{AWS::AccountId}}:{begin}${{{key}}}"
    return {"Fn::Sub": [text, {key: settings.get(key)}]}


def _bucket(settings: Mapping[str, Any]) -> dict[str, Any]:
    bucket = settings.get("bucket")
    if referred := as_map(bucket).get("Ref"):
        return {"Fn::GetAtt": [referred, "Arn"]}
    return {"Fn::Sub": ["arn:${AWS::Partition}:s3:::${bucket}", {"bucket": bucket}]}


EFFECT: Final = Effect(extend=_extend)
