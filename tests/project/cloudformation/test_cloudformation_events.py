"""What calls functions: event source mappings, rules, topics, buckets and APIs, in the framework's kinds and shapes."""

from __future__ import annotations

from textwrap import indent
from typing import Any

import pytest

FUNCTION = """
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties:
      Code: {ZipFile: "exports.handler = () => 1"}
      Handler: index.handler
      Runtime: nodejs20.x
      Role: !GetAtt Role.Arn
  Live:
    Type: AWS::Lambda::Alias
    Properties: {FunctionName: !Ref F, FunctionVersion: "1", Name: live}
  Role: {Type: AWS::IAM::Role}
  Queue: {Type: AWS::SQS::Queue}
  Table: {Type: AWS::DynamoDB::Table}
  Stream: {Type: AWS::Kinesis::Stream}
  Consumer: {Type: AWS::Kinesis::StreamConsumer, Properties: {StreamARN: !GetAtt Stream.Arn, ConsumerName: c}}
  Rabbit: {Type: AWS::AmazonMQ::Broker, Properties: {EngineType: RABBITMQ}}
  Active: {Type: AWS::AmazonMQ::Broker, Properties: {EngineType: ACTIVEMQ}}
  Topic: {Type: AWS::SNS::Topic}
"""


def events(read: Any, resource: str) -> list[tuple[str, Any]]:
    project = read(FUNCTION + indent(resource, "  "))
    assert project.findings == ()
    return [(event.kind, event.settings) for event in project.functions[0].events]


@pytest.mark.parametrize(
    ("properties", "kind", "settings"),
    [
        ("EventSourceArn: !GetAtt Queue.Arn, BatchSize: 5", "sqs",
         {"arn": {"Fn::GetAtt": ["Queue", "Arn"]}, "batchSize": 5}),
        ("EventSourceArn: !Sub 'arn:${AWS::Partition}:sqs:${AWS::Region}:123456789012:q'", "sqs",
         {"arn": {"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:123456789012:q"}}),
        ("EventSourceArn: 'arn:aws:sqs:eu-west-1:123456789012:q'", "sqs",
         {"arn": "arn:aws:sqs:eu-west-1:123456789012:q"}),
        ("EventSourceArn: !GetAtt Table.StreamArn, DestinationConfig: {OnFailure: {Destination: !GetAtt Queue.Arn}}",
         "stream", {"type": "dynamodb", "arn": {"Fn::GetAtt": ["Table", "StreamArn"]},
                    "destinations": {"onFailure": {"Fn::GetAtt": ["Queue", "Arn"]}}}),
        ("EventSourceArn: !GetAtt Stream.Arn", "stream",
         {"type": "kinesis", "arn": {"Fn::GetAtt": ["Stream", "Arn"]}}),
        ("EventSourceArn: !Ref Consumer", "stream",
         {"type": "kinesis", "arn": {"Fn::GetAtt": ["Stream", "Arn"]}, "consumer": {"Ref": "Consumer"}}),
        ("EventSourceArn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/c/1', Topics: [t], "
         "SourceAccessConfigurations: [{Type: SASL_SCRAM_512_AUTH, URI: secret}]", "msk",
         {"arn": "arn:aws:kafka:eu-west-1:123456789012:cluster/c/1", "topic": "t", "saslScram512": "secret"}),
        ("SelfManagedEventSource: {Endpoints: {KafkaBootstrapServers: ['b:9092']}}, Topics: [t], "
         "SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: s}, {Type: VPC_SUBNET, URI: subnet-1}]", "kafka",
         {"accessConfigurations": {"saslPlainAuth": ["s"], "vpcSubnet": ["subnet-1"]},
          "bootstrapServers": ["b:9092"], "topic": "t"}),
        ("EventSourceArn: !GetAtt Rabbit.Arn, Queues: [q], SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: s}]",
         "rabbitmq", {"arn": {"Fn::GetAtt": ["Rabbit", "Arn"]}, "queue": "q", "basicAuthArn": "s"}),
        ("EventSourceArn: !GetAtt Active.Arn, Queues: [q], SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: s}]",
         "activemq", {"arn": {"Fn::GetAtt": ["Active", "Arn"]}, "queue": "q", "basicAuthArn": "s"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("function", ["!Ref F", "!GetAtt F.Arn", "!Ref Live", "!Sub '${F.Arn}:live'"])
def test_an_event_source_mapping_is_the_frameworks_event(
    read: Any, properties: str, kind: str, settings: Any, function: str
) -> None:
    mapping = (
        f"Source: {{Type: AWS::Lambda::EventSourceMapping, Properties: {{FunctionName: {function}, {properties}}}}}"
    )
    assert events(read, mapping) == [(kind, settings)]


def test_a_source_of_which_nothing_is_known_is_told(read: Any) -> None:
    project = read(
        FUNCTION + "  Source:\n    Type: AWS::Lambda::EventSourceMapping\n"
        "    Properties: {FunctionName: !Ref F, EventSourceArn: !ImportValue somewhere}\n"
    )
    assert [(one.code, one.place.line) for one in project.findings if one.place] == [("event-source-unknown", 20)]
    assert project.functions[0].events == ()


@pytest.mark.parametrize(
    ("resource", "kind", "settings"),
    [
        ("R: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: [{Arn: !GetAtt F.Arn}]}}",
         "schedule", {"rate": ["rate(1 day)"]}),
        ("R: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [a]}, EventBusName: b, "
         "Targets: [{Arn: !GetAtt F.Arn}]}}", "eventBridge", {"pattern": {"source": ["a"]}, "eventBus": "b"}),
        ("R: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: rate(1 day), "
         "Target: {Arn: !GetAtt F.Arn, RoleArn: !GetAtt Other.Arn}}}", "schedule", {"rate": ["rate(1 day)"]}),
        ("R: {Type: AWS::Scheduler::Schedule, Properties: {ScheduleExpression: rate(1 day), "
         "Target: {Arn: !GetAtt F.Arn, RoleArn: !GetAtt Role.Arn}}}",
         "schedule", {"rate": ["rate(1 day)"], "method": "scheduler"}),
        ("R: {Type: AWS::SNS::Subscription, Properties: {Protocol: lambda, Endpoint: !GetAtt F.Arn, "
         "TopicArn: !Ref Topic}}",
         "sns", {"arn": {"Ref": "Topic"}}),
        ("R: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: lambda, Endpoint: !GetAtt F.Arn}]}}",
         "sns", {"arn": {"Ref": "R"}}),
        ("R: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {LambdaConfigurations: "
         "[{Event: 's3:ObjectCreated:*', Function: !GetAtt F.Arn}]}}}",
         "s3", {"bucket": {"Ref": "R"}, "event": "s3:ObjectCreated:*"}),
        ("R: {Type: AWS::Cognito::UserPool, Properties: {LambdaConfig: {PreSignUp: !GetAtt F.Arn}}}",
         "cognitoUserPool", {"pool": {"Ref": "R"}, "trigger": "PreSignUp"}),
        ("R: {Type: AWS::IoT::TopicRule, Properties: {TopicRulePayload: {Sql: SELECT, Actions: "
         "[{Lambda: {FunctionArn: !GetAtt F.Arn}}]}}}", "iot", {"sql": "SELECT"}),
        ("R: {Type: AWS::Logs::SubscriptionFilter, Properties: {LogGroupName: g, FilterPattern: '', "
         "DestinationArn: !GetAtt F.Arn}}", "cloudwatchLog", {"logGroup": "g", "filter": ""}),
        ("R: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: lambda, "
         "Targets: [{Id: !GetAtt F.Arn}]}}", "alb", {"targetGroup": {"Ref": "R"}}),
        ("R: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, "
         "Principal: alexa-appkit.amazonaws.com}}",
         "alexaSkill", None),
        ("R: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Principal: s3.amazonaws.com, "
         "SourceArn: 'arn:aws:s3:::b'}}", "s3", {"arn": "arn:aws:s3:::b"}),
    ],
)  # fmt: skip
def test_what_calls_a_function_is_one_event(read: Any, resource: str, kind: str, settings: Any) -> None:
    assert events(read, resource.replace("!GetAtt Other.Arn", "arn:aws:iam::123456789012:role/s")) == [(kind, settings)]


def test_a_permission_adds_nothing_to_what_the_resource_says_already(read: Any) -> None:
    found = events(
        read,
        "R: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day), Targets: [{Arn: !GetAtt F.Arn}]}}\n"
        "P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref F, Principal: events.amazonaws.com}}\n",
    )
    assert [kind for kind, _ in found] == ["schedule"]


URI = "!Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${F.Arn}/invocations'"


def resource(id: str, type: str, properties: str) -> str:
    return f"{id}: {{Type: AWS::{type}, Properties: {{{properties}}}}}\n"


def test_the_routes_of_apis_lead_to_their_functions(read: Any) -> None:
    openapi = f"{{paths: {{/p: {{get: {{x-amazon-apigateway-integration: {{uri: {URI}}}}}}}}}}}"
    target = "Target: !Join [/, [integrations, !Ref To]]"
    found = events(
        read,
        resource("Api", "ApiGateway::RestApi", "Name: a")
        + resource("Users", "ApiGateway::Resource", "ParentId: !GetAtt Api.RootResourceId, PathPart: users")
        + resource("One", "ApiGateway::Resource", 'ParentId: !Ref Users, PathPart: "{id}"')
        + resource("Get", "ApiGateway::Method", f"HttpMethod: GET, ResourceId: !Ref One, Integration: {{Uri: {URI}}}")
        + resource("Http", "ApiGatewayV2::Api", "ProtocolType: HTTP")
        + resource("To", "ApiGatewayV2::Integration", f"ApiId: !Ref Http, IntegrationUri: {URI}")
        + resource("Post", "ApiGatewayV2::Route", f"ApiId: !Ref Http, RouteKey: POST /u, {target}")
        + resource("Socket", "ApiGatewayV2::Api", "ProtocolType: WEBSOCKET")
        + resource(
            "Conn", "ApiGatewayV2::Route", "ApiId: !Ref Socket, RouteKey: $connect, Target: !Sub 'integrations/${To}'"
        )
        + resource("Open", "ApiGateway::RestApi", f"Body: {openapi}"),
    )
    assert found == [
        ("http", {"method": "GET", "path": "/users/{id}"}),
        ("httpApi", {"method": "POST", "path": "/u"}),
        ("websocket", {"route": "$connect"}),
        ("http", {"method": "get", "path": "/p"}),
    ]
