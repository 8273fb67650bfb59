"""Drift tells how the resources of a stack differ from its template, to whoever may read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from guard.provisioning.stacks_of import Stacks
from scopedown.catalog.load import catalog
from scopedown.guard.cloudformation.differences import differences, tag_differences
from scopedown.guard.cloudformation.readers import rows

TRUST = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}
QUEUE = {"Q": {"Type": "AWS::SQS::Queue", "Properties": {
    "QueueName": "q", "VisibilityTimeout": 30, "DelaySeconds": "5",
}}}  # fmt: skip
MANY: Mapping[str, Any] = {
    **QUEUE,
    "T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t", "DisplayName": "news"}},
    "B": {"Type": "AWS::S3::Bucket", "Properties": {
        "BucketName": "shop-files", "VersioningConfiguration": {"Status": "Enabled"},
        "Tags": [{"Key": "team", "Value": "shop"}],
    }},
    "BP": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": {"Ref": "B"}, "PolicyDocument": {"Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop-files/*"},
    ]}}},
    "D": {"Type": "AWS::DynamoDB::Table", "Properties": {
        "TableName": "d", "BillingMode": "PAY_PER_REQUEST", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "TimeToLiveSpecification": {"AttributeName": "ends", "Enabled": True},
    }},
    "L": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "l", "RetentionInDays": 7}},
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "r", "AssumeRolePolicyDocument": TRUST}},
    "F": {"Type": "AWS::Lambda::Function", "Properties": {
        "FunctionName": "f", "Runtime": "nodejs22.x", "Handler": "index.h", "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": "exports.h = 1"}, "Timeout": 5, "Environment": {"Variables": {"TABLE": {"Ref": "D"}}},
    }},
    "M": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
        "EventSourceArn": {"Fn::GetAtt": ["Q", "Arn"]}, "FunctionName": {"Ref": "F"}, "BatchSize": 3,
    }},
    "E": {"Type": "AWS::Events::Rule", "Properties": {
        "Name": "e", "ScheduleExpression": "rate(1 day)", "State": "ENABLED",
    }},
    "P": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/p", "Type": "String", "Value": "1"}},
    "K": {"Type": "AWS::KMS::Key", "Properties": {"Description": "k", "KeyPolicy": {"Statement": [
        {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"},
    ]}}},
    "W": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
}  # fmt: skip


def detect(cloud: Stacks, client: Any = None, **more: Any) -> dict[str, Any]:
    """A detection, and its end."""
    client = client or cloud.client
    id = client.detect_stack_drift(StackName="shop", **more)["StackDriftDetectionId"]
    found: dict[str, Any] = client.describe_stack_drift_detection_status(StackDriftDetectionId=id)
    return found


def drifts(cloud: Stacks, *statuses: str) -> dict[str, dict[str, Any]]:
    more = {"StackResourceDriftStatusFilters": list(statuses)} if statuses else {}
    found = cloud.client.describe_stack_resource_drifts(StackName="shop", **more)["StackResourceDrifts"]
    return {one["LogicalResourceId"]: one for one in found}


def test_a_stack_that_nobody_touched_is_in_sync(cloud: Stacks) -> None:
    assert cloud.create(MANY) == "CREATE_COMPLETE", cloud.reasons()
    assert cloud.client.describe_stacks(StackName="shop")["Stacks"][0]["DriftInformation"] == {
        "StackDriftStatus": "NOT_CHECKED"
    }
    found = detect(cloud)
    assert (found["DetectionStatus"], found["StackDriftStatus"], found["DriftedStackResourceCount"]) == (
        "DETECTION_COMPLETE", "IN_SYNC", 0,
    ), drifts(cloud, "MODIFIED")  # fmt: skip
    assert {id: one["StackResourceDriftStatus"] for id, one in drifts(cloud).items()} == dict.fromkeys(
        sorted(set(MANY) - {"W"}), "IN_SYNC"
    )
    resources = cloud.client.describe_stack_resources(StackName="shop")["StackResources"]
    told = {one["LogicalResourceId"]: one["DriftInformation"]["StackResourceDriftStatus"] for one in resources}
    assert (told["Q"], told["W"]) == ("IN_SYNC", "NOT_CHECKED")


def test_what_was_changed_by_hand_is_modified_and_what_was_deleted_is_deleted(cloud: Stacks) -> None:
    assert cloud.create(MANY) == "CREATE_COMPLETE", cloud.reasons()
    client = cloud.gate.client
    client("sqs").set_queue_attributes(QueueUrl=cloud.physical("Q"), Attributes={"VisibilityTimeout": "99"})
    client("lambda").update_function_configuration(FunctionName="f", Environment={"Variables": {"TABLE": "other"}})
    client("s3").put_bucket_versioning(Bucket="shop-files", VersioningConfiguration={"Status": "Suspended"})
    client("s3").put_bucket_tagging(Bucket="shop-files", Tagging={"TagSet": [{"Key": "by", "Value": "hand"}]})
    client("s3").delete_bucket_policy(Bucket="shop-files")
    client("logs").delete_retention_policy(logGroupName="l")
    client("sns").delete_topic(TopicArn=cloud.physical("T"))
    found = detect(cloud)
    assert (found["StackDriftStatus"], found["DriftedStackResourceCount"]) == ("DRIFTED", 6)
    changed = drifts(cloud, "MODIFIED", "DELETED")
    assert {id: one["StackResourceDriftStatus"] for id, one in changed.items()} == {
        "Q": "MODIFIED", "F": "MODIFIED", "B": "MODIFIED", "L": "MODIFIED", "T": "DELETED", "BP": "DELETED",
    }  # fmt: skip
    assert changed["Q"]["PropertyDifferences"] == [
        {
            "PropertyPath": "/VisibilityTimeout",
            "ExpectedValue": "30",
            "ActualValue": "99",
            "DifferenceType": "NOT_EQUAL",
        }
    ]
    assert json.loads(changed["Q"]["ActualProperties"])["VisibilityTimeout"] == "99"
    assert [one["PropertyPath"] for one in changed["F"]["PropertyDifferences"]] == ["/Environment/Variables/TABLE"]
    assert [(one["PropertyPath"], one["DifferenceType"]) for one in changed["L"]["PropertyDifferences"]] == [
        ("/RetentionInDays", "REMOVE")
    ]
    assert sorted((one["PropertyPath"], one["DifferenceType"]) for one in changed["B"]["PropertyDifferences"]) == [
        ("/Tags/0", "REMOVE"), ("/Tags/1", "ADD"), ("/VersioningConfiguration/Status", "NOT_EQUAL"),
    ]  # fmt: skip
    assert "PropertyDifferences" not in changed["T"]


def reader(cloud: Stacks, *actions: str) -> Any:
    """A client of somebody who may ask for drift, and these."""
    own = ("DetectStackDrift", "DetectStackResourceDrift", "DescribeStackDriftDetectionStatus")
    allowed = [*(f"cloudformation:{one}" for one in own), *actions]
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": allowed, "Resource": "*"}]}
    return cloud.gate.client("cloudformation", cloud.gate.make_user("reader", [policy]))


def test_who_detects_drift_needs_what_the_read_handlers_need(cloud: Stacks) -> None:
    cloud.create(QUEUE)
    client = reader(cloud, "sqs:GetQueueAttributes")
    found = detect(cloud, client)
    assert (found["DetectionStatus"], found["StackDriftStatus"]) == ("DETECTION_FAILED", "UNKNOWN")
    assert "sqs:ListQueueTags" in found["DetectionStatusReason"]
    with pytest.raises(ClientError, match=r"AccessDenied.*sqs:ListQueueTags"):
        client.detect_stack_resource_drift(StackName="shop", LogicalResourceId="Q")
    cloud.gate.decided.clear()
    assert detect(cloud, reader(cloud, "sqs:GetQueueAttributes", "sqs:ListQueueTags"))["StackDriftStatus"] == "IN_SYNC"
    asked = {(one.check.action, one.check.resource) for one in cloud.gate.decided if one.check.action[:4] == "sqs:"}
    arn = "arn:aws:sqs:us-east-1:123456789012:q"
    assert asked == {("sqs:GetQueueAttributes", arn), ("sqs:ListQueueTags", arn)}


def test_one_resource_can_be_checked_alone(cloud: Stacks) -> None:
    cloud.create(MANY)
    found = cloud.client.detect_stack_resource_drift(StackName="shop", LogicalResourceId="Q")["StackResourceDrift"]
    assert (found["StackResourceDriftStatus"], found["PropertyDifferences"]) == ("IN_SYNC", [])
    assert json.loads(found["ExpectedProperties"])["QueueName"] == "q"
    with pytest.raises(ClientError, match="does not support drift detection"):
        cloud.client.detect_stack_resource_drift(StackName="shop", LogicalResourceId="W")
    with pytest.raises(ClientError, match="does not exist"):
        cloud.client.detect_stack_resource_drift(StackName="shop", LogicalResourceId="None")


def test_an_update_forgets_the_drift_and_sets_have_none(cloud: Stacks) -> None:
    cloud.create(QUEUE)
    detect(cloud)
    assert drifts(cloud)
    cloud.update({"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q", "VisibilityTimeout": 31}}})
    assert drifts(cloud) == {}
    with pytest.raises(ClientError, match="DetectStackSetDrift is not answered here"):
        cloud.client.detect_stack_set_drift(StackSetName="s")


@pytest.mark.parametrize(("expected", "actual", "kinds"), [
    (5, "5", []),
    (5.0, 5, []),
    (10**400, "1" + "0" * 400, []),
    (True, "true", []),
    ({"A": 1}, '{"a": "1", "b": 2}', []),
    (["x"], "x", []),
    (["x", "y"], ["y", "x"], []),
    (["x", "y"], ["y", "z"], ["REMOVE", "ADD"]),
    ({"A": {"B": "x"}}, {"A": {"B": "y"}}, ["NOT_EQUAL"]),
    ({"A": {"B": "x"}}, {}, ["REMOVE"]),
], ids=["number", "float", "huge", "truth", "document", "one-item", "order", "items", "nested", "removed"])  # fmt: skip
def test_a_difference_is_one_of_meaning(expected: Any, actual: Any, kinds: list[str]) -> None:
    assert [one["DifferenceType"] for one in differences("/P", expected, actual)] == kinds


def test_long_lists_are_compared_in_bounded_work() -> None:
    expected, actual = [f"s3:Get{number}" for number in range(30_000)], [f"s3:Put{number}" for number in range(30_000)]
    assert list(differences("/P", expected, expected[::-1])) == []
    assert len(list(differences("/P", [*expected, "s3:List"], [*actual, "s3:List"]))) == 60_000


def test_tags_of_the_stack_are_no_differences() -> None:
    live = [{"Key": "aws:cloudformation:stack-name", "Value": "shop"}, {"Key": "stage", "Value": "dev"}]
    assert list(tag_differences("/Tags", [], live, {"stage": "dev"})) == []


def test_every_row_is_of_an_operation_that_can_be_asked(cloud: Stacks) -> None:
    for type, several in rows().items():
        assert catalog().cloudformation_type(type), type
        for one in several:
            model = cloud.gate.client(one.service).meta.service_model.operation_model(one.operation)
            assert {name for name, _ in one.parameters} <= set(model.input_shape.members), one
