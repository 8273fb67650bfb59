"""Known facts, looked up: names of services, actions, resource models, CloudFormation types."""

from __future__ import annotations

import pytest

from scopedown.catalog.load import SqliteCatalog
from scopedown.iam.newaccess.keys import may_have_several


@pytest.mark.parametrize(
    ("name", "prefix", "v2_class", "v3_package"),
    [
        ("dynamodb", "dynamodb", "DynamoDB", "@aws-sdk/client-dynamodb"),
        ("stepfunctions", "states", "StepFunctions", "@aws-sdk/client-sfn"),
        ("cloudwatch", "cloudwatch", "CloudWatch", "@aws-sdk/client-cloudwatch"),
        ("logs", "logs", "CloudWatchLogs", "@aws-sdk/client-cloudwatch-logs"),
        ("cognito-idp", "cognito-idp", "CognitoIdentityServiceProvider", "@aws-sdk/client-cognito-identity-provider"),
        (
            "apigatewaymanagementapi",
            "execute-api",
            "ApiGatewayManagementApi",
            "@aws-sdk/client-apigatewaymanagementapi",
        ),
        ("iot-data", "iot", "IotData", "@aws-sdk/client-iot-data-plane"),
        ("ses", "ses", "SES", "@aws-sdk/client-ses"),
        ("sesv2", "ses", "SESV2", "@aws-sdk/client-sesv2"),
        ("rds-data", "rds-data", "RDSDataService", "@aws-sdk/client-rds-data"),
        ("events", "events", "EventBridge", "@aws-sdk/client-eventbridge"),
        ("elbv2", "elasticloadbalancing", "ELBv2", "@aws-sdk/client-elastic-load-balancing-v2"),
    ],
)
def test_a_service_is_found_by_each_of_its_names(
    facts: SqliteCatalog, name: str, prefix: str, v2_class: str, v3_package: str
) -> None:
    service = facts.service(name)
    assert service is not None
    assert service.prefix == prefix
    assert facts.service_of_v2_class(v2_class) == service
    assert facts.service_of_v3_package(v3_package) == service


def test_old_names_lead_to_the_same_service(facts: SqliteCatalog) -> None:
    assert facts.service_of_v2_class("CloudWatchEvents") == facts.service("events")
    assert facts.service_of_v3_package("@aws-sdk/client-cloudwatch-events") == facts.service("events")


def test_unknown_names_have_no_answer(facts: SqliteCatalog) -> None:
    assert facts.service("nope") is None
    assert facts.service_of_v2_class("Nope") is None
    assert facts.operation("s3", "Nope") is None
    assert facts.operation("s3", "head_object") is None
    assert facts.operation_of_method("s3", "HeadObject") is None
    assert facts.operations_named("nope") == ()
    assert facts.action("nope") is None
    assert facts.resource_model("s3", "Nope") is None
    assert facts.resource_type("s3", "nope") is None
    assert facts.cloudformation_type("AWS::No::Pe") is None
    assert facts.paginator_operation("s3", "put_object") is None
    assert facts.waiter_operation("s3", "nope") is None


def test_an_operation_is_found_by_name_method_and_alone(facts: SqliteCatalog) -> None:
    operation = facts.operation("dynamodb", "PutItem")
    assert operation is not None and operation.required == ("TableName", "Item")
    assert facts.operation_of_method("dynamodb", "put_item") == operation
    assert operation in facts.operations_named("PutItem")
    assert operation in facts.operations_named("put_item")


def test_an_action_with_its_facts(facts: SqliteCatalog) -> None:
    action = facts.action("S3:getobject")
    assert action is not None
    assert action.name == "s3:GetObject" and action.access_level == "Read"
    assert set(action.resource_types) >= {"object", "accesspointobject"}
    create = facts.action("lambda:CreateFunction")
    assert create is not None and "iam:PassRole" in create.dependent_actions
    assert not action.permission_only
    assert any(a.permission_only for a in facts.actions_of("s3"))


def test_a_resource_type_has_its_arn(facts: SqliteCatalog) -> None:
    found = facts.resource_type("s3", "object")
    assert found is not None and found.arn == "arn:${Partition}:s3:::${BucketName}/${ObjectName}"


def test_operations_needing_an_action(facts: SqliteCatalog) -> None:
    found = facts.operations_needing("sqs:SendMessage")
    assert ("sqs", "SendMessage") in found and ("sqs", "SendMessageBatch") in found


@pytest.mark.parametrize(
    ("name", "ref", "attribute", "name_property"),
    [
        ("AWS::DynamoDB::Table", "TableName", "StreamArn", "TableName"),
        ("AWS::SQS::Queue", "QueueUrl", "QueueName", "QueueName"),
        ("AWS::SNS::Topic", "TopicArn", "TopicName", "TopicName"),
        ("AWS::S3::Bucket", "BucketName", "Arn", "BucketName"),
        ("AWS::Lambda::Function", "FunctionName", "Arn", "FunctionName"),
        ("AWS::StepFunctions::StateMachine", "Arn", "Name", "StateMachineName"),
        ("AWS::Kinesis::Stream", "Name", "Arn", "Name"),
        ("AWS::IAM::Role", "RoleName", "Arn", "RoleName"),
        ("AWS::Events::EventBus", "Name", "Arn", "Name"),
        ("AWS::Logs::LogGroup", "LogGroupName", "Arn", "LogGroupName"),
        ("AWS::Cognito::UserPool", "UserPoolId", "Arn", "UserPoolName"),
    ],
)
def test_a_cloudformation_type(facts: SqliteCatalog, name: str, ref: str, attribute: str, name_property: str) -> None:
    found = facts.cloudformation_type(name)
    assert found is not None
    assert (found.ref, found.name_property) == (ref, name_property)
    assert attribute in found.attributes
    assert found.handlers["create"]


def test_a_boto3_resource_model(facts: SqliteCatalog) -> None:
    bucket = facts.resource_model("s3", "Bucket")
    assert bucket is not None
    assert bucket.identifiers == ("name",)
    assert bucket.operations["put_object"] == ("PutObject", {"Bucket": "name"})
    assert bucket.returns["put_object"] == ("Object", {"bucket_name": "name", "key": "$Key"})
    assert bucket.resources["Object"] == ("Object", {"bucket_name": "name", "key": "$0"})
    assert bucket.collections["objects"] == ("ListObjects", "ObjectSummary", {"Bucket": "name"})
    assert bucket.waiters["wait_until_exists"] == ("HeadBucket", {"Bucket": "name"})
    assert bucket.load == "ListBuckets"
    summary = facts.resource_model("s3", "ObjectSummary")
    assert summary is not None and summary.load == "HeadObject"
    assert summary.operations["batch:delete"][0] == "DeleteObjects"
    table = facts.resource_model("dynamodb", "Table")
    assert table is not None and table.load == "DescribeTable"
    assert table.operations["put_item"] == ("PutItem", {"TableName": "name"})
    root = facts.resource_model("sqs", "ServiceResource")
    assert root is not None
    assert root.operations["get_queue_by_name"][0] == "GetQueueUrl"
    assert root.resources["Queue"] == ("Queue", {"url": "$0"})


def test_the_keys_that_may_have_several_values_are_those_of_the_catalog(facts: SqliteCatalog) -> None:
    rows = facts.rows("SELECT key, type FROM condition_key WHERE type LIKE 'ArrayOf%'")
    assert [key for key, _ in rows if not may_have_several(key.lower().split("${")[0])] == []
    assert may_have_several("aws:tagkeys") and not may_have_several("aws:sourcevpc")
