"""Samples of what calls a function besides its own triggers, by the resource that names it: its URL, custom resources,
mail, AppSync, pipes, delivery streams, agents, rules of Config, pipelines and so on.

In: a :class:`~.setting.Setting`. Out: samples, found in the template's resources. What asks a function whether a
request may pass is among them: REST and HTTP APIs, WebSocket APIs, AppSync and IoT each send a shape of their own; that
of an HTTP API has two versions. An API of an OpenAPI document, as all of SAM's are, names its authorizers in it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from scopedown.documents.nodes import as_list, as_map
from scopedown.project.model import DeclaredResource, Tree
from scopedown.prove.events.setting import Sample, Setting
from scopedown.prove.events.triggers import function_url, stream_records

Found = Iterator[Sample]
Reader = Callable[[DeclaredResource, Setting], Found]
METHODS: Final = frozenset({"delete", "get", "head", "options", "patch", "post", "put", "trace"})
"""https://spec.openapis.org/oas/v3.0.4.html#path-item-object"""


def called_by(setting: Setting) -> list[Sample]:
    """The samples; none where nothing of these calls the function."""
    found = [function_url(setting)] if setting.function.settings.get("url") else []
    for resource in setting.project.deployed.values():
        if "ServiceToken" in resource.properties:
            found += _custom_resource(resource, setting)
        elif reader := _READERS.get(resource.type):
            found += reader(resource, setting)
    return list({sample.name: sample for sample in found}.values())


def _custom_resource(resource: DeclaredResource, setting: Setting) -> Found:
    own = resource.properties
    if setting.is_named_in(own["ServiceToken"]):
        given = {name: _deployed(value, setting) for name, value in own.items()}
        event = setting.filled("custom_resource", logical_id=resource.logical_id, type=resource.type, properties=given)
        yield Sample(f"custom resource {resource.logical_id}", event)


def _url(resource: DeclaredResource, setting: Setting) -> Found:
    if setting.is_named_in(resource.properties.get("TargetFunctionArn")):
        yield function_url(setting)


def _mail(resource: DeclaredResource, setting: Setting) -> Found:
    if setting.is_named_in(resource.properties.get("Rule")):
        arn = setting.arn("lambda", f"function:{setting.where.resolve(setting.function.name)}")
        yield Sample("ses", setting.filled("ses", function_arn=arn))


def _rotation(resource: DeclaredResource, setting: Setting) -> Found:
    if setting.is_named_in(resource.properties.get("RotationLambdaARN")):
        arn = setting.text(resource.properties.get("SecretId"))
        yield Sample("rotation of a secret", setting.filled("secret_rotation", arn=arn))


def _delivery_stream(resource: DeclaredResource, setting: Setting) -> Found:
    """What the function transforms (ProcessingConfiguration of any destination)."""
    own = {key: value for key, value in resource.properties.items() if key.endswith("Configuration")}
    if any(setting.is_named_in(as_map(value).get("ProcessingConfiguration")) for value in own.values()):
        data = base64.b64encode(json.dumps(setting.fields).encode()).decode()
        arn = setting.arn("firehose", f"deliverystream/{setting.id(resource.logical_id)}")
        yield Sample("firehose", setting.filled("firehose", arn=arn, message_base64=data))


def _config_rule(resource: DeclaredResource, setting: Setting) -> Found:
    """Each kind of message that the rule asks for (Source.SourceDetails)."""
    source = as_map(resource.properties.get("Source"))
    if not setting.is_named_in(source.get("SourceIdentifier")):
        return
    item = {
        "configurationItemStatus": "OK", "resourceId": "sample-1", "resourceName": "sample", "awsRegion": "us-east-1",
        "ARN": "arn:aws:s3:::sample", "awsAccountId": setting.where.account, "resourceType": "AWS::S3::Bucket",
        "configurationItemCaptureTime": "2026-01-01T00:00:00.000Z", "tags": {}, "relationships": [],
        "configuration": {}, "supplementaryConfiguration": {},
    }  # fmt: skip
    asked = [str(as_map(one).get("MessageType")) for one in as_list(source.get("SourceDetails"))]
    for kind in dict.fromkeys(asked or ["ConfigurationItemChangeNotification"]):
        message: dict[str, Any] = {"messageType": kind, "recordVersion": "1.0"}
        message |= {"awsAccountId": setting.where.account, "notificationCreationTime": "2026-01-01T00:00:00.000Z"}
        message |= {"configurationItem": item} if kind == "ConfigurationItemChangeNotification" else {}
        yield Sample(f"config {kind}", setting.filled("config_rule", invoking_event=json.dumps(message)))


def _agent(resource: DeclaredResource, setting: Setting) -> Found:
    """Each function, or the first operation of the API, of an action group."""
    for group in map(as_map, as_list(resource.properties.get("ActionGroups"))):
        if not setting.is_named_in(as_map(group.get("ActionGroupExecutor")).get("Lambda")):
            continue
        name = setting.text(group.get("ActionGroupName"))
        functions = [as_map(one) for one in as_list(as_map(group.get("FunctionSchema")).get("Functions"))]
        for one in functions:
            parameters = _parameters(as_map(one.get("Parameters")), setting)
            values = {"action_group": name, "function": setting.text(one.get("Name")), "parameters": parameters}
            yield Sample(f"bedrock {values['function']}", setting.filled("bedrock_agent_function", **values))
        if not functions:
            path, method = _first_operation(as_map(group.get("ApiSchema")).get("Payload"))
            fields = {field: {"Type": "string"} for field in setting.fields}
            values = {"action_group": name, "path": path, "method": method}
            event = setting.filled("bedrock_agent_api", parameters=_parameters(fields, setting), **values)
            yield Sample(f"bedrock {method} {path}", event)


def _parameters(declared: Mapping[str, Tree], setting: Setting) -> list[dict[str, str]]:
    return [
        {"name": name, "type": str(as_map(one).get("Type", "string")), "value": str(setting.fields.get(name, "sample"))}
        for name, one in declared.items()
    ]


def _first_operation(payload: Tree) -> tuple[str, str]:
    """A path and a method of an OpenAPI document in JSON."""
    try:
        paths = as_map(json.loads(payload).get("paths")) if isinstance(payload, str) else {}
    except (ValueError, AttributeError):
        paths = {}
    for path, item in paths.items():
        for method in as_map(item):
            if method in METHODS:  # a path has parameters and other things besides
                return path, method.upper()
    return "/sample", "GET"


def _pipe(resource: DeclaredResource, setting: Setting) -> Found:
    """The records of its source, as a list of their own
    (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html)."""
    own = resource.properties
    for name in ("Enrichment", "Target"):
        if setting.is_named_in(own.get(name)):
            records = stream_records(own.get("Source"), setting)
            yield Sample(f"pipe {name.lower()}", records)


def _pipeline(resource: DeclaredResource, setting: Setting) -> Found:
    for stage in as_list(resource.properties.get("Stages")):
        for action in map(as_map, as_list(as_map(stage).get("Actions"))):
            configuration = as_map(action.get("Configuration"))
            if setting.is_named_in(configuration.get("FunctionName")):
                given = setting.text(configuration.get("UserParameters", ""))
                yield Sample("codePipeline", setting.filled("code_pipeline", user_parameters=given))


def _hook(resource: DeclaredResource, setting: Setting) -> Found:
    """The hooks of a deployment by CodeDeploy, which the alias's update policy names."""
    policy = as_map(as_map(resource.attributes.get("UpdatePolicy")).get("CodeDeployLambdaAliasUpdate"))
    for name in ("BeforeAllowTrafficHook", "AfterAllowTrafficHook"):
        if setting.is_named_in(policy.get(name)):
            yield Sample(f"codeDeploy {name}", setting.filled("code_deploy_hook"))


def _destination(resource: DeclaredResource, setting: Setting) -> Found:
    given = as_map(resource.properties.get("DestinationConfig"))
    for name, condition in (("OnSuccess", "Success"), ("OnFailure", "RetriesExhausted")):
        if setting.is_named_in(as_map(given.get(name)).get("Destination")):
            yield Sample(f"destination {name}", setting.filled("destination", condition=condition))


def _deployed(tree: Tree, setting: Setting) -> Any:
    """A property as the function is told it: every text deployed, numbers as text."""
    if isinstance(tree, Mapping) and not (
        len(tree) == 1 and (next(iter(tree)) == "Ref" or next(iter(tree)).startswith("Fn::"))
    ):
        return {key: _deployed(value, setting) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_deployed(one, setting) for one in tree]
    return setting.text(tree)


_OPEN_API: Final = "x-amazon-apigateway-authorizer"


def _of_rest(kind: object, setting: Setting) -> Sample:
    shape = "request_authorizer" if str(kind).upper() == "REQUEST" else "token_authorizer"
    return Sample(
        f"authorizer of http ({'REQUEST' if shape.startswith('request') else 'TOKEN'})", setting.filled(shape)
    )


def _of_http(version: object, setting: Setting) -> Sample:
    """Without a version in the template the first one is sent (AuthorizerPayloadFormatVersion)."""
    shape = "http_api_authorizer" if str(version).startswith("2") else "http_api_authorizer_v1"
    return Sample(f"authorizer of httpApi ({'2.0' if str(version).startswith('2') else '1.0'})", setting.filled(shape))


def _rest(resource: DeclaredResource, setting: Setting) -> Found:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-authorizer.html"""
    if setting.is_named_in(resource.properties.get("AuthorizerUri")):
        yield _of_rest(resource.properties.get("Type", "TOKEN"), setting)


def _http(resource: DeclaredResource, setting: Setting) -> Found:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-authorizer.html"""
    own = resource.properties
    if not setting.is_named_in(own.get("AuthorizerUri")):
        return
    api = setting.project.deployed.get(str(as_map(own.get("ApiId")).get("Ref")))
    if api is not None and api.properties.get("ProtocolType") == "WEBSOCKET":
        yield Sample("authorizer of websocket", setting.filled("websocket_authorizer"))
    else:
        yield _of_http(own.get("AuthorizerPayloadFormatVersion", "1.0"), setting)


def _document(resource: DeclaredResource, setting: Setting) -> Found:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html"""
    body = as_map(resource.properties.get("Body"))
    schemes = {
        **as_map(body.get("securityDefinitions")),
        **as_map(as_map(body.get("components")).get("securitySchemes")),
    }
    for scheme in schemes.values():
        own = as_map(as_map(scheme).get(_OPEN_API))
        if not setting.is_named_in(own.get("authorizerUri")):
            continue
        if resource.type == "AWS::ApiGatewayV2::Api":
            yield _of_http(own.get("authorizerPayloadFormatVersion", "1.0"), setting)
        else:
            yield _of_rest(own.get("type", "token"), setting)


def _graphql(resource: DeclaredResource, setting: Setting) -> Found:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-appsync-graphqlapi.html"""
    own: Mapping[str, Any] = resource.properties
    for provider in (own, *map(as_map, as_list(own.get("AdditionalAuthenticationProviders")))):
        if setting.is_named_in(as_map(provider.get("LambdaAuthorizerConfig")).get("AuthorizerUri")):
            yield Sample("authorizer of appsync", setting.filled("appsync_authorizer"))


def _named(property: str, title: str, shape: str, **values: str) -> Reader:
    """One sample where a property names the function."""

    def read(resource: DeclaredResource, setting: Setting) -> Found:
        if setting.is_named_in(resource.properties.get(property)):
            yield Sample(title, setting.filled(shape, **values))

    return read


_READERS: Final[Mapping[str, Reader]] = {
    "AWS::ApiGateway::Authorizer": _rest,
    "AWS::ApiGateway::RestApi": _document,
    "AWS::ApiGatewayV2::Api": _document,
    "AWS::ApiGatewayV2::Authorizer": _http,
    "AWS::AppSync::DataSource": _named("LambdaConfig", "appsync", "appsync", type="Query", field="sample"),
    "AWS::AppSync::GraphQLApi": _graphql,
    "AWS::Bedrock::Agent": _agent,
    "AWS::CloudFormation::Macro": _named("FunctionName", "macro", "macro"),
    "AWS::CodePipeline::Pipeline": _pipeline,
    "AWS::Config::ConfigRule": _config_rule,
    "AWS::IoT::Authorizer": _named("AuthorizerFunctionArn", "authorizer of iot", "iot_authorizer"),
    "AWS::KinesisFirehose::DeliveryStream": _delivery_stream,
    "AWS::Lambda::Alias": _hook,
    "AWS::Lambda::EventInvokeConfig": _destination,
    "AWS::Lambda::Url": _url,
    "AWS::Pipes::Pipe": _pipe,
    "AWS::S3ObjectLambda::AccessPoint": _named("ObjectLambdaConfiguration", "object lambda", "object_lambda"),
    "AWS::SES::ReceiptRule": _mail,
    "AWS::SecretsManager::RotationSchedule": _rotation,
}
"""By the type of a resource, whose page in CloudFormation's reference of templates names the properties."""
