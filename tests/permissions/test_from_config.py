"""What settings and events need, beside the code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from permission_words import a_function, a_project, short

from scopedown.core.place import Place
from scopedown.core.text import Pseudo, Text
from scopedown.permissions.from_config import from_config
from scopedown.permissions.model import Certainty, ConfigSource, Origin
from scopedown.project.model import Event, ForeignLayer, Function, Project

OWN_LOGS = "arn:P:logs:R:A:log-group:/aws/lambda/shop-dev-hello:*"
NETWORK = {
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
}


S3_FILES = "arn:P:s3files:R:A:file-system/*"


def each(actions: tuple[str, ...], resource: str) -> dict[str, set[str]]:
    return {action: {resource} for action in actions}


QUEUE_ACTIONS = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


def needs(function: Function, project: Project | None = None, logs: bool = False) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in from_config(function, project or a_project()):
        assert one.origin is Origin.CONFIG
        if logs or not one.action.startswith("logs:"):
            found.setdefault(one.action, set()).update(short(resource.arn) for resource in one.resources)
    return found


def test_a_function_writes_to_its_own_log_group_alone() -> None:
    assert needs(a_function(), logs=True) == {
        "logs:CreateLogGroup": {OWN_LOGS},
        "logs:CreateLogStream": {OWN_LOGS},
        "logs:PutLogEvents": {f"{OWN_LOGS}:*"},
    }


def test_a_function_writes_to_the_log_group_that_its_settings_name() -> None:
    function = a_function(settings={"logs": {"logGroup": {"Ref": "Group"}}})
    assert needs(function, logs=True)["logs:PutLogEvents"] == {"arn:P:logs:R:A:log-group:${Group}:*:*"}


def test_a_change_stream_of_documentdb_is_read_through_the_network_with_its_secret() -> None:
    settings = {"arn": {"Fn::GetAtt": ["Cluster", "Arn"]}, "auth": {"Ref": "Secret"}}
    event = Event("documentDb", settings, Place("template.yaml"))
    project = a_project({"Secret": "AWS::SecretsManager::Secret"})
    found = needs(replace(a_function(), events=(event,)), project)
    assert found["rds:DescribeDBClusters"] == {"${Cluster.Arn}"}
    assert found["secretsmanager:GetSecretValue"] == {"${Secret}"}
    assert found["ec2:CreateNetworkInterface"] == found["rds:DescribeDBSubnetGroups"] == {"*"}


def test_a_function_without_logs_needs_none() -> None:
    assert needs(a_function(settings={"disableLogs": True}), logs=True) == {}


SETTINGS: list[tuple[dict[str, Any], dict[str, set[str]]]] = [
    ({"tracing": "Active"}, {"xray:PutTraceSegments": {"*"}, "xray:PutTelemetryRecords": {"*"}}),
    ({"tracing": False}, {}),
    ({"kmsKeyArn": {"Fn::GetAtt": ["Key", "Arn"]}}, {"kms:Decrypt": {"${Key.Arn}"}}),
    ({"onError": "arn:aws:sns:us-east-1:1:dead"}, {"sns:Publish": {"arn:aws:sns:us-east-1:1:dead"}}),
    ({"onError": {"Ref": "Topic"}}, {"sns:Publish": {"${Topic}"}}),
    ({"onError": {"Fn::GetAtt": ["Queue", "Arn"]}}, {"sqs:SendMessage": {"${Queue.Arn}"}}),
    (
        {"destinations": {"onSuccess": "other", "onFailure": "arn:aws:sqs:us-east-1:1:dead"}},
        {
            "lambda:InvokeFunction": {"arn:P:lambda:R:A:function:shop-dev-other"},
            "sqs:SendMessage": {"arn:aws:sqs:us-east-1:1:dead"},
        },
    ),
    (
        {"destinations": {"onSuccess": {"type": "eventBus", "arn": {"Fn::GetAtt": ["Bus", "Arn"]}}}},
        {"events:PutEvents": {"${Bus.Arn}"}},
    ),
    (
        {"durableConfig": {"executionTimeout": 60}},
        {
            "lambda:CheckpointDurableExecution": {"arn:P:lambda:R:A:function:shop-dev-hello:*"},
            "lambda:GetDurableExecutionState": {"arn:P:lambda:R:A:function:shop-dev-hello:*"},
        },
    ),
    (
        {
            "fileSystemConfig": {
                "arn": "arn:aws:elasticfilesystem:us-east-1:1:access-point/a",
                "localMountPath": "/mnt/a",
            }
        },
        {
            "elasticfilesystem:ClientMount": {"arn:aws:elasticfilesystem:us-east-1:1:access-point/a"},
            "elasticfilesystem:ClientWrite": {"arn:aws:elasticfilesystem:us-east-1:1:access-point/a"},
        },
    ),
    *(
        ({"fileSystemConfig": files}, each(("s3files:ClientMount", "s3files:ClientWrite"), S3_FILES))
        for files in (
            {"arn": "arn:aws:s3files:us-east-1:1:file-system/fs-1/access-point/a"},
            {"arn": {"Fn::GetAtt": ["Mounted", "AccessPointArn"]}},
            {"arn": {"Fn::ImportValue": "files"}, "type": "s3files"},
        )
    ),
]


@pytest.mark.parametrize(("settings", "expected"), SETTINGS)
def test_a_setting_needs_this(settings: dict[str, Any], expected: dict[str, set[str]]) -> None:
    project = a_project(
        {
            "Topic": "AWS::SNS::Topic",
            "Queue": "AWS::SQS::Queue",
            "Key": "AWS::KMS::Key",
            "Mounted": "AWS::S3Files::AccessPoint",
        },
        (a_function(key="other"),),
    )
    assert needs(a_function(settings=settings), project) == expected


def test_a_function_in_a_network_makes_and_drops_interfaces() -> None:
    found = needs(a_function(settings={"vpc": {"subnetIds": ["s"], "securityGroupIds": ["g"]}}))
    assert set(found) >= NETWORK and all(resources == {"*"} for resources in found.values())


EVENTS: list[tuple[str, Any, dict[str, set[str]]]] = [
    ("http", {"path": "x", "method": "get"}, {}),
    ("schedule", "rate(1 hour)", {}),
    ("websocket", "$connect", {}),
    (
        "schedule",
        {"method": "scheduler", "rate": ["rate(1 hour)"]},
        {"lambda:InvokeFunction": {f"arn:P:lambda:R:A:function:shop-dev-hello{end}" for end in ("", ":*")}},
    ),
    (
        "sqs",
        {"arn": {"Fn::GetAtt": ["Queue", "Arn"]}},
        each(QUEUE_ACTIONS, "${Queue.Arn}"),
    ),
    (
        "sqs",
        "arn:aws:sqs:us-east-1:1:q",
        each(QUEUE_ACTIONS, "arn:aws:sqs:us-east-1:1:q"),
    ),
    (
        "stream",
        {
            "type": "dynamodb",
            "arn": {"Fn::GetAtt": ["Orders", "StreamArn"]},
            "destinations": {"onFailure": {"type": "sns", "arn": {"Ref": "Topic"}}},
        },
        {
            **each(
                ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"), "${Orders.StreamArn}"
            ),
            "dynamodb:ListStreams": {"*"},
            "sns:Publish": {"${Topic}"},
        },
    ),
    (
        "stream",
        {"arn": "arn:aws:kinesis:us-east-1:1:stream/s", "consumer": True},
        {
            **each(
                (
                    "kinesis:DescribeStreamSummary",
                    "kinesis:GetRecords",
                    "kinesis:GetShardIterator",
                    "kinesis:ListShards",
                ),
                "arn:aws:kinesis:us-east-1:1:stream/s",
            ),
            "kinesis:SubscribeToShard": {"arn:aws:kinesis:us-east-1:1:stream/s/consumer/*"},
        },
    ),
]


@pytest.mark.parametrize(("kind", "settings", "expected"), EVENTS)
def test_an_event_needs_this(kind: str, settings: Any, expected: dict[str, set[str]]) -> None:
    project = a_project({"Topic": "AWS::SNS::Topic", "Queue": "AWS::SQS::Queue", "Orders": "AWS::DynamoDB::Table"})
    assert needs(a_function(events=[(kind, settings)]), project) == expected


@pytest.mark.parametrize("called", [{"Fn::GetAtt": ["HelloLambdaFunction", "Arn"]}, {"Ref": "Alias"}])
def test_a_consumer_that_the_framework_creates_is_said_by_its_own_reference(called: dict[str, Any]) -> None:
    stream = "arn:aws:kinesis:us-east-1:1:stream/s"
    others = {"FunctionName": {"Fn::GetAtt": ["OtherLambdaFunction", "Arn"]}, "EventSourceArn": {"Ref": "Theirs"}}
    project = a_project(
        {
            "Theirs": ("AWS::Kinesis::StreamConsumer", {"StreamARN": stream}),
            "TheirMapping": ("AWS::Lambda::EventSourceMapping", others),
            "Alias": ("AWS::Lambda::Alias", {"FunctionName": {"Ref": "HelloLambdaFunction"}}),
            "Own": ("AWS::Kinesis::StreamConsumer", {"StreamARN": stream}),
            "Mapping": ("AWS::Lambda::EventSourceMapping", {"FunctionName": called, "EventSourceArn": {"Ref": "Own"}}),
        }
    )
    found = needs(a_function(events=[("stream", {"arn": stream, "consumer": True})]), project)
    assert found["kinesis:SubscribeToShard"] == {"${Own}"}


@pytest.mark.parametrize("kind", ["activemq", "rabbitmq"])
def test_a_broker_is_described_its_secret_read_and_its_network_entered(kind: str) -> None:
    settings = {
        "arn": "arn:aws:mq:us-east-1:1:broker:b:b-1",
        "basicAuthArn": "arn:aws:secretsmanager:us-east-1:1:secret:s-AAAAAA",
    }
    found = needs(a_function(events=[(kind, settings)]))
    assert found["mq:DescribeBroker"] == {settings["arn"]}
    assert found["secretsmanager:GetSecretValue"] == {settings["basicAuthArn"]}
    assert set(found) >= NETWORK


def test_kafka_enters_a_network_only_where_one_is_given() -> None:
    secret = {"saslScram256Auth": "arn:aws:secretsmanager:us-east-1:1:secret:s-AAAAAA"}
    outside = needs(a_function(events=[("kafka", {"topic": "t", "accessConfigurations": secret})]))
    assert set(outside) == {"secretsmanager:GetSecretValue"}
    inside = needs(a_function(events=[("kafka", {"accessConfigurations": {**secret, "vpcSubnet": ["s"]}})]))
    assert set(inside) >= NETWORK


def test_at_the_edge_logs_go_to_any_region() -> None:
    found = needs(a_function(events=[("cloudFront", {"eventType": "viewer-request"})]), logs=True)
    assert "arn:P:logs:*:A:log-group:/aws/lambda/*.shop-dev-hello:*" in found["logs:PutLogEvents"]


def test_a_permission_names_the_setting_that_needs_it_and_where_it_stands() -> None:
    function = a_function(
        settings={"tracing": "Active"}, events=[("http", "GET x"), ("sqs", "arn:aws:sqs:us-east-1:1:q")]
    )
    found = {one.action: one.because for one in from_config(function, a_project())}
    assert found["xray:PutTraceSegments"] == (ConfigSource(function.setting_places["tracing"], "tracing"),)
    assert found["sqs:ReceiveMessage"] == (ConfigSource(function.events[1].place, "events[1].sqs"),)


def test_two_events_on_one_queue_are_two_reasons_of_one_permission() -> None:
    queue = "arn:aws:sqs:us-east-1:1:q"
    found = [
        one
        for one in from_config(a_function(events=[("sqs", queue), ("sqs", queue)]), a_project())
        if one.action == "sqs:ReceiveMessage"
    ]
    assert [len(one.because) for one in found] == [2]


@pytest.mark.parametrize("settings", [None, 7, "x", ["a"], {"arn": None}, {"arn": {"Fn::Select": [0, []]}}])
@pytest.mark.parametrize("kind", ["stream", "sqs", "msk", "kafka", "activemq", "schedule", "cloudFront", "nothing"])
def test_settings_of_a_wrong_shape_are_survived(kind: str, settings: Any) -> None:
    from_config(
        a_function(events=[(kind, settings)], settings={"destinations": settings, "vpc": settings}), a_project()
    )


def test_a_queue_that_is_not_known_is_any_of_the_account_and_says_why() -> None:
    unresolved = Text.unknown("cf:other.QueueArn is known to AWS alone")
    found = {one.action: one for one in from_config(a_function(events=[("sqs", {"arn": unresolved})]), a_project())}
    (resource,) = found["sqs:ReceiveMessage"].resources
    assert short(resource.arn) == "arn:P:sqs:R:A:*"
    assert (resource.certainty, resource.reason) == (Certainty.UNKNOWN, "cf:other.QueueArn is known to AWS alone")


def test_a_stream_of_which_the_kind_is_not_known_is_one_of_both_and_says_so() -> None:
    unresolved = Text.unknown("cf:other.Lines is known to AWS alone")
    found = {one.action: one for one in from_config(a_function(events=[("stream", {"arn": unresolved})]), a_project())}
    for action in ("dynamodb:GetRecords", "kinesis:GetRecords"):
        (resource,) = found[action].resources
        assert (resource.certainty, resource.reason.partition(" ")[0]) == (Certainty.UNKNOWN, "whether")


PARAMETERS = {
    "QueueArn": {"Type": "String"},
    "Target": {"Type": "String"},
    "Known": {"Type": "String", "Default": "arn:aws:sns:eu-west-1:111122223333:news"},
}
ANY_TARGET = {"events:PutEvents", "lambda:InvokeFunction", "sns:Publish", "sqs:SendMessage"}
GIVEN_FROM_OUTSIDE = [
    ({"Ref": "QueueArn"}, {"sqs:SendMessage"}),
    ({"Ref": "Known"}, {"sns:Publish"}),
    ({"Fn::ImportValue": "shared-dlq-arn"}, {"sqs:SendMessage"}),
    ({"Fn::ImportValue": "shared-topic"}, {"sns:Publish"}),
    ({"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:failed"}, {"sqs:SendMessage"}),
    ({"Ref": "Target"}, ANY_TARGET),
]


@pytest.mark.parametrize(("target", "actions"), GIVEN_FROM_OUTSIDE)
def test_a_destination_that_is_given_from_outside_is_a_need(target: dict[str, Any], actions: set[str]) -> None:
    project = a_project(parameters=PARAMETERS)
    function = a_function(settings={"destinations": {"onFailure": target}})
    assert set(needs(function, project)) == actions
    event = a_function(
        events=[("stream", {"arn": "arn:aws:kinesis:r:1:stream/s", "destinations": {"onFailure": target}})]
    )
    assert actions <= set(needs(event, project))
    dead = a_function(settings={"onError": target})
    assert set(needs(dead, project)) == actions & {"sns:Publish", "sqs:SendMessage"}


def test_a_target_of_which_the_service_is_not_known_is_not_resolved() -> None:
    function = a_function(settings={"destinations": {"onFailure": {"Ref": "Target"}}})
    found = [one for one in from_config(function, a_project(parameters=PARAMETERS)) if one.action in ANY_TARGET]
    assert {resource.certainty for one in found for resource in one.resources} == {Certainty.UNKNOWN}


def test_the_extension_of_lambda_insights_logs_by_itself() -> None:
    def with_layer(*arn: str | Pseudo) -> Function:
        return replace(a_function(), foreign_layers=(ForeignLayer(Text.of(*arn), Place("serverless.yml")),))

    insights = with_layer("arn:aws:lambda:", Pseudo("AWS::Region"), ":580247275435:layer:LambdaInsightsExtension:14")
    found = needs(insights, logs=True)
    assert "arn:P:logs:R:A:log-group:/aws/lambda-insights:*" in found["logs:PutLogEvents"]
    other = needs(with_layer("arn:aws:lambda:us-east-1:1:layer:mine:1"), logs=True)
    assert found != other == needs(a_function(), logs=True)
