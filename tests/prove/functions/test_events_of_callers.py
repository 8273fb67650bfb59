"""Samples of what calls a function without a trigger of its own: each in the shape that AWS documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from prove.functions.local_aws import LocalAws
from scopedown.project.load import Options, load_project
from scopedown.prove.events.sample import samples
from scopedown.prove.events.setting import Sample

ARN = {"Fn::GetAtt": ["One", "Arn"]}
URI = {"Fn::Sub": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${One.Arn}/invocations"}
ONE = {
    "Type": "AWS::Lambda::Function",
    "Properties": {
        "Runtime": "nodejs20.x", "Handler": "index.handler", "Role": "arn:aws:iam::123456789012:role/any",
        "Code": {"ZipFile": "exports.handler = async (event) => 1;"},
    },
}  # fmt: skip
ALLOWED = {
    "Type": "AWS::Lambda::Permission",
    "Properties": {"Action": "lambda:InvokeFunction", "FunctionName": {"Ref": "One"},
                   "Principal": "apigateway.amazonaws.com", "SourceArn": {"Fn::Sub": "arn:aws:execute-api:${Api}"}},
}  # fmt: skip


def samples_of(folder: Path, **resources: dict[str, Any]) -> list[Sample]:
    """The samples of the function One in a template with these resources."""
    (folder / "template.json").write_text(json.dumps({"Resources": {"One": ONE, **resources}}), encoding="utf-8")
    project = load_project(folder, Options())
    return samples(project.functions[0], project, folder, LocalAws("http://127.0.0.1:9").endpoint())


def made(type: str, **properties: Any) -> dict[str, Any]:
    return {"Type": type, "Properties": properties}


def scheme(**authorizer: Any) -> dict[str, Any]:
    """An authorizer in an OpenAPI document."""
    return {"type": "apiKey", "x-amazon-apigateway-authorizer": {"authorizerUri": URI, **authorizer}}


REST, HTTP = "AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer"
WEBSOCKET = made("AWS::ApiGatewayV2::Api", ProtocolType="WEBSOCKET", Name="chat")


@pytest.mark.parametrize(
    ("resources", "name", "has"),
    [
        pytest.param({"A": made(REST, Type="TOKEN", AuthorizerUri=URI)}, "authorizer of http (TOKEN)",
                     "authorizationToken", id="a token of a REST API"),
        pytest.param({"A": made(REST, Type="REQUEST", AuthorizerUri=URI)}, "authorizer of http (REQUEST)", "httpMethod",
                     id="a request of a REST API"),
        pytest.param({"Api": made("AWS::ApiGateway::RestApi", Body={
            "securityDefinitions": {"a": scheme(type="request")},
        })}, "authorizer of http (REQUEST)", "methodArn", id="a REST API of a document"),
        pytest.param({"A": made(HTTP, AuthorizerType="REQUEST", AuthorizerUri=URI, ApiId="x")},
                     "authorizer of httpApi (1.0)", "authorizationToken", id="an HTTP API without a version"),
        pytest.param({"A": made(HTTP, AuthorizerUri=URI, ApiId="x", AuthorizerPayloadFormatVersion="2.0")},
                     "authorizer of httpApi (2.0)", "routeArn", id="an HTTP API of version 2"),
        pytest.param({"Api": made("AWS::ApiGatewayV2::Api", Body={"components": {"securitySchemes": {
            "a": scheme(type="request", authorizerPayloadFormatVersion=2.0),
        }}})}, "authorizer of httpApi (2.0)", "routeKey", id="an HTTP API of a document"),
        pytest.param({"Api": WEBSOCKET, "A": made(HTTP, AuthorizerUri=URI, ApiId={"Ref": "Api"})},
                     "authorizer of websocket", "multiValueHeaders", id="a WebSocket API"),
        pytest.param({"A": made("AWS::AppSync::GraphQLApi", LambdaAuthorizerConfig={"AuthorizerUri": ARN})},
                     "authorizer of appsync", "requestHeaders", id="AppSync"),
        pytest.param({"A": made("AWS::IoT::Authorizer", AuthorizerFunctionArn=ARN)}, "authorizer of iot",
                     "protocolData", id="IoT"),
    ],
)  # fmt: skip
def test_an_authorizer_is_asked_in_the_shape_of_its_api(
    resources: dict[str, Any], name: str, has: str, tmp_path: Path
) -> None:
    (sample,) = samples_of(tmp_path, **resources, Allowed=ALLOWED)
    assert sample.name == name and has in sample.event
    assert "${" not in json.dumps(sample.event)


def test_an_authorizer_with_a_route_of_its_own_is_called_for_both(tmp_path: Path) -> None:
    route = {"get": {"x-amazon-apigateway-integration": {"type": "aws_proxy", "uri": URI}}}
    body = {"paths": {"/who": route}, "securityDefinitions": {"a": scheme(type="token")}}
    found = samples_of(tmp_path, Api=made("AWS::ApiGateway::RestApi", Body=body), Allowed=ALLOWED)
    assert [one.name for one in found] == ["http GET /who", "authorizer of http (TOKEN)"]


FUNCTIONS = {"Functions": [{"Name": "find", "Parameters": {"city": {"Type": "string"}}}]}
SCHEMA = json.dumps({"paths": {"/rooms": {"parameters": [], "post": {}}}})


@pytest.mark.parametrize(
    ("resource", "name", "has"),
    [
        (made("AWS::KinesisFirehose::DeliveryStream", ExtendedS3DestinationConfiguration={
            "ProcessingConfiguration": {"Processors": [{"Parameters": [{"ParameterValue": ARN}]}]},
        }), "firehose", "records"),
        (made("AWS::Config::ConfigRule", Source={"SourceIdentifier": ARN}),
         "config ConfigurationItemChangeNotification", "resultToken"),
        (made("AWS::Config::ConfigRule", Source={
            "SourceIdentifier": ARN, "SourceDetails": [{"MessageType": "ScheduledNotification"}],
        }), "config ScheduledNotification", "ruleParameters"),
        (made("AWS::Bedrock::Agent", ActionGroups=[
            {"ActionGroupName": "g", "ActionGroupExecutor": {"Lambda": ARN}, "FunctionSchema": FUNCTIONS},
        ]), "bedrock find", "function"),
        (made("AWS::Bedrock::Agent", ActionGroups=[
            {"ActionGroupName": "g", "ActionGroupExecutor": {"Lambda": ARN}, "ApiSchema": {"Payload": SCHEMA}},
        ]), "bedrock POST /rooms", "requestBody"),
        (made("AWS::CloudFormation::Macro", FunctionName=ARN), "macro", "fragment"),
        (made("AWS::CodePipeline::Pipeline", Stages=[
            {"Actions": [{"Configuration": {"FunctionName": {"Ref": "One"}}}]},
        ]), "codePipeline", "CodePipeline.job"),
        (made("AWS::Lambda::EventInvokeConfig", DestinationConfig={"OnFailure": {"Destination": ARN}}),
         "destination OnFailure", "requestPayload"),
        (made("AWS::S3ObjectLambda::AccessPoint", ObjectLambdaConfiguration={
            "TransformationConfigurations": [{"ContentTransformation": {"AwsLambda": {"FunctionArn": ARN}}}],
        }), "object lambda", "getObjectContext"),
        ({**made("AWS::Lambda::Alias", FunctionName="f", FunctionVersion="1", Name="live"), "UpdatePolicy": {
            "CodeDeployLambdaAliasUpdate": {"BeforeAllowTrafficHook": {"Ref": "One"}},
        }}, "codeDeploy BeforeAllowTrafficHook", "LifecycleEventHookExecutionId"),
    ],
    ids=["firehose", "config", "config-scheduled", "agent-function", "agent-api", "macro", "pipeline", "destination",
         "object-lambda", "code-deploy"],
)  # fmt: skip
def test_what_names_a_function_calls_it_in_its_own_shape(
    resource: dict[str, Any], name: str, has: str, tmp_path: Path
) -> None:
    (sample,) = samples_of(tmp_path, Caller=resource)
    assert sample.name == name and has in sample.event
    assert "${" not in json.dumps(sample.event)


@pytest.mark.parametrize(("source", "key"), [("sqs", "body"), ("dynamodb", "dynamodb"), ("kinesis", "data")])
def test_a_pipe_hands_on_a_list_of_records(source: str, key: str, tmp_path: Path) -> None:
    pipe = made("AWS::Pipes::Pipe", Source=f"arn:aws:{source}:us-east-1:123456789012:orders", Enrichment=ARN)
    (sample,) = samples_of(tmp_path, Pipe=pipe)
    assert sample.name == "pipe enrichment" and isinstance(sample.event, list) and key in sample.event[0]


def test_the_input_of_a_rule_and_of_a_schedule_is_the_event(tmp_path: Path) -> None:
    given = json.dumps({"table": "orders"})
    rule = made("AWS::Events::Rule", ScheduleExpression="rate(1 day)", Targets=[{"Arn": ARN, "Input": given}])
    schedule = made("AWS::Scheduler::Schedule", ScheduleExpression="rate(1 day)", Target={"Arn": ARN, "Input": given})
    for resource in (rule, schedule):
        assert [one.event for one in samples_of(tmp_path, Caller=resource)] == [{"table": "orders"}]


def test_a_bucket_tells_a_bus_of_an_object_that_is_there(tmp_path: Path) -> None:
    rule = made(
        "AWS::Events::Rule", Targets=[{"Arn": ARN, "Id": "one"}],
        EventPattern={"source": ["aws.s3"], "detail-type": ["Object Created"],
                      "detail": {"bucket": {"name": [{"Ref": "Files"}]}}},
    )  # fmt: skip
    (sample,) = samples_of(tmp_path, Files=made("AWS::S3::Bucket"), Rule=rule)
    detail = sample.event["detail"]
    assert (detail["bucket"]["name"], detail["object"]["key"]) == ("files", "sample.txt")
    (seed,) = sample.seeds
    assert (seed.parameters["Bucket"], seed.parameters["Key"]) == ("files", "sample.txt")
