"""Resources that are there already come into a stack, looked up by whoever imports them, and nothing is created."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from botocore.exceptions import ClientError

from guard.provisioning.stacks_of import Stacks
from scopedown.guard.cloudformation.imports import identifiers
from scopedown.guard.cloudformation.readers import rows

QUEUE: Mapping[str, Any] = {
    "Type": "AWS::SQS::Queue", "DeletionPolicy": "Retain", "Properties": {"QueueName": "q", "VisibilityTimeout": 30},
}  # fmt: skip
TOPIC: Mapping[str, Any] = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}}


def queue(cloud: Stacks) -> str:
    """The queue that is imported."""
    made = cloud.gate.client("sqs").create_queue(QueueName="q", Attributes={"VisibilityTimeout": "17"})
    return str(made["QueueUrl"])


def of_queue(url: str, id: str = "Q") -> dict[str, Any]:
    return {"ResourceType": "AWS::SQS::Queue", "LogicalResourceId": id, "ResourceIdentifier": {"QueueUrl": url}}


def change_set(
    cloud: Stacks, resources: Mapping[str, Any], to_import: Sequence[Mapping[str, Any]], client: Any = None, **more: Any
) -> dict[str, Any]:
    """A change set that imports."""
    template = {"Resources": resources, **more.pop("sections", {})}
    client = client or cloud.client
    client.create_change_set(
        StackName="shop", ChangeSetName="c", ChangeSetType="IMPORT", TemplateBody=json.dumps(template),
        ResourcesToImport=to_import, Capabilities=["CAPABILITY_NAMED_IAM"], **more,
    )  # fmt: skip
    found: dict[str, Any] = cloud.client.describe_change_set(StackName="shop", ChangeSetName="c")
    return found


def execute(cloud: Stacks, client: Any = None) -> str:
    (client or cloud.client).execute_change_set(StackName="shop", ChangeSetName="c")
    return cloud.status()


def test_a_resource_that_exists_comes_into_a_new_stack_as_it_is(cloud: Stacks) -> None:
    url = queue(cloud)
    found = change_set(cloud, {"Q": QUEUE}, [of_queue(url)])
    assert [one["ResourceChange"]["Action"] for one in found["Changes"]] == ["Import"]
    assert found["Changes"][0]["ResourceChange"]["PhysicalResourceId"] == url
    assert cloud.status() == "REVIEW_IN_PROGRESS"
    assert execute(cloud) == "IMPORT_COMPLETE"
    events = cloud.client.describe_stack_events(StackName="shop")["StackEvents"][::-1]
    assert [one["ResourceStatus"] for one in events if one["LogicalResourceId"] == "Q"] == [
        "IMPORT_IN_PROGRESS", "IMPORT_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE",
    ]  # fmt: skip
    sqs = cloud.gate.client("sqs")
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]["VisibilityTimeout"] == "17"
    id = cloud.client.detect_stack_drift(StackName="shop")["StackDriftDetectionId"]
    assert cloud.client.describe_stack_drift_detection_status(StackDriftDetectionId=id)["StackDriftStatus"] == "DRIFTED"


def test_what_was_imported_is_updated_and_retained_as_the_stacks_own(cloud: Stacks) -> None:
    url = queue(cloud)
    tags = [{"Key": "team", "Value": "shop"}]
    cloud.client.create_stack(StackName="shop", TemplateBody=json.dumps({"Resources": {"T": TOPIC}}), Tags=tags)
    change_set(cloud, {"T": TOPIC, "Q": QUEUE}, [of_queue(url)])
    assert execute(cloud) == "IMPORT_COMPLETE"
    sqs = cloud.gate.client("sqs")
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "shop"}
    changed = {**QUEUE, "Properties": {"QueueName": "q", "VisibilityTimeout": 9}}
    output = {"Out": {"Value": {"Fn::GetAtt": ["Q", "Arn"]}}}
    template = {"Resources": {"T": TOPIC, "Q": changed}, "Outputs": output}
    cloud.client.update_stack(StackName="shop", TemplateBody=json.dumps(template))
    assert cloud.status() == "UPDATE_COMPLETE"
    assert cloud.outputs()["Out"] == "arn:aws:sqs:us-east-1:123456789012:q"
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]["VisibilityTimeout"] == "9"
    assert cloud.delete() == "DELETE_COMPLETE"
    assert sqs.list_queues()["QueueUrls"] == [url]


REFUSED: Mapping[str, tuple[Any, Any, str]] = {
    "nothing to import": ({"Q": QUEUE}, lambda url: [], "Must Provide at least one resource to import"),
    "the same twice": (
        {"Q": QUEUE}, lambda url: [of_queue(url)] * 2, "Every resource to import must have unique LogicalResourceId"
    ),
    "an id that the template lacks": (
        {"Q": QUEUE}, lambda url: [of_queue(url, "X")],
        "The logical resource ids [X] provided in ResourceToImport do not exist in the template.",
    ),
    "another identifier": (
        {"Q": QUEUE}, lambda url: [{**of_queue(url), "ResourceIdentifier": {"QueueName": "q"}}],
        "Invalid resource identifier for resource type AWS::SQS::Queue. Expected [QueueUrl]",
    ),
    "another type": (
        {"Q": TOPIC}, lambda url: [of_queue(url)],
        "Resource type of [Q] passed in ResourceToImport does not match with resource type defined in the template.",
    ),
    "no deletion policy": (
        {"Q": {**QUEUE, "DeletionPolicy": None}}, lambda url: [of_queue(url)],
        "The following resources to import [Q] must have DeletionPolicy attribute specified in the template.",
    ),
    "a resource besides": (
        {"Q": QUEUE, "T": TOPIC}, lambda url: [of_queue(url)], "Resources [T] is missing from ResourceToImport list"
    ),
    "a type that cannot be read": (
        {"Q": {"Type": "AWS::CloudFormation::WaitConditionHandle", "DeletionPolicy": "Retain"}},
        lambda url: [{**of_queue(url), "ResourceType": "AWS::CloudFormation::WaitConditionHandle"}],
        "ResourceTypes [AWS::CloudFormation::WaitConditionHandle] are not supported for Import",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED, ids=lambda fault: str(fault).replace(" ", "-"))
def test_what_aws_refuses_is_refused_with_its_words_and_leaves_no_stack(cloud: Stacks, fault: str) -> None:
    resources, to_import, words = REFUSED[fault]
    resources = {id: {key: one for key, one in item.items() if one} for id, item in resources.items()}
    with pytest.raises(ClientError) as told:
        change_set(cloud, resources, to_import(queue(cloud)))
    assert told.value.response["Error"]["Code"] == "ValidationError"
    assert told.value.response["Error"]["Message"].startswith(words)
    with pytest.raises(ClientError, match="does not exist"):
        cloud.status()


def test_a_resource_whose_condition_is_false_cannot_be_imported(cloud: Stacks) -> None:
    sections = {"Conditions": {"No": {"Fn::Equals": ["a", "b"]}}}
    with pytest.raises(ClientError, match=re.escape("[Q] provided in ResourceToImport do not exist in the template.")):
        change_set(cloud, {"Q": {**QUEUE, "Condition": "No"}}, [of_queue(queue(cloud))], sections=sections)
    assert cloud.client.list_stacks()["StackSummaries"] == []


def test_an_import_changes_nothing_else_of_a_stack(cloud: Stacks) -> None:
    url = queue(cloud)
    cloud.create({"T": TOPIC})
    renamed = {**TOPIC, "Properties": {"TopicName": "t", "DisplayName": "news"}}
    with pytest.raises(ClientError, match=r"You have modified resources \[T\]"):
        change_set(cloud, {"T": renamed, "Q": QUEUE}, [of_queue(url)])
    with pytest.raises(ClientError, match=r"you cannot modify or add \[Outputs\]"):
        change_set(cloud, {"T": TOPIC, "Q": QUEUE}, [of_queue(url)], sections={"Outputs": {"A": {"Value": "a"}}})
    with pytest.raises(ClientError, match="at least one new resource to import"):
        change_set(cloud, {"T": TOPIC}, [{
            "ResourceType": "AWS::SNS::Topic", "LogicalResourceId": "T", "ResourceIdentifier": {"TopicArn": "t"},
        }])  # fmt: skip


def test_what_does_not_exist_or_belongs_to_a_stack_fails_the_change_set(cloud: Stacks) -> None:
    url = queue(cloud)
    found = change_set(cloud, {"Q": QUEUE}, [of_queue(f"{url}-none")])
    assert (found["Status"], found["ExecutionStatus"], found["Changes"]) == ("FAILED", "UNAVAILABLE", [])
    assert found["StatusReason"] == f"Resource of type 'AWS::SQS::Queue' with identifier '{url}-none' was not found."
    cloud.client.delete_stack(StackName="shop")
    cloud.gate.client("sqs").delete_queue(QueueUrl=url)
    cloud.client.create_stack(StackName="owner", TemplateBody=json.dumps({"Resources": {"K": QUEUE}}))
    owner = cloud.client.describe_stacks(StackName="owner")["Stacks"][0]["StackId"]
    assert change_set(cloud, {"Q": QUEUE}, [of_queue(url)])["StatusReason"] == f"{url} already exists in stack {owner}"


def importer(cloud: Stacks, *actions: str) -> Any:
    """A client of somebody who may import, and these."""
    allowed = [*(f"cloudformation:{one}ChangeSet" for one in ("Create", "Execute")), *actions]
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": allowed, "Resource": "*"}]}
    return cloud.gate.client("cloudformation", cloud.gate.make_user(f"importer{len(actions)}", [policy]))


def test_who_imports_needs_the_read_handler_and_for_tags_the_update_handler(cloud: Stacks) -> None:
    url = queue(cloud)
    poor = importer(cloud, "sqs:GetQueueAttributes")
    assert "sqs:ListQueueTags" in change_set(cloud, {"Q": QUEUE}, [of_queue(url)], poor)["StatusReason"]
    cloud.client.delete_stack(StackName="shop")
    reading = ("sqs:GetQueueAttributes", "sqs:ListQueueTags")
    reader = importer(cloud, *reading)
    change_set(cloud, {"Q": QUEUE}, [of_queue(url)], reader)
    assert execute(cloud, reader) == "IMPORT_COMPLETE"
    cloud.delete()
    change_set(cloud, {"Q": QUEUE}, [of_queue(url)], reader, Tags=[{"Key": "team", "Value": "shop"}])
    assert execute(cloud, reader) == "IMPORT_ROLLBACK_COMPLETE"
    (reason,) = cloud.reasons()
    assert re.search(r"not authorized to perform: sqs:(SetQueueAttributes|TagQueue)", reason)
    assert cloud.client.describe_stack_resources(StackName="shop")["StackResources"] == []
    assert cloud.gate.client("sqs").list_queues()["QueueUrls"] == [url]


OTHERS: Mapping[str, tuple[Any, str, Mapping[str, Any]]] = {
    "AWS::S3::Bucket": (("s3", "create_bucket", {"Bucket": "shop-b"}), "shop-b", {"BucketName": "shop-b"}),
    "AWS::SNS::Topic": (
        ("sns", "create_topic", {"Name": "t"}), "arn:aws:sns:us-east-1:123456789012:t", {"TopicName": "t"}
    ),
    "AWS::DynamoDB::Table": (
        ("dynamodb", "create_table", {
            "TableName": "d", "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        }),
        "d",
        {"TableName": "d", "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]},
    ),
    "AWS::Logs::LogGroup": (("logs", "create_log_group", {"logGroupName": "l"}), "l", {"LogGroupName": "l"}),
    "AWS::SSM::Parameter": (
        ("ssm", "put_parameter", {"Name": "/p", "Type": "String", "Value": "1"}), "/p",
        {"Name": "/p", "Type": "String", "Value": "1"},
    ),
    "AWS::IAM::Role": (
        ("iam", "create_role", {"RoleName": "r", "AssumeRolePolicyDocument": '{"Statement": []}'}), "r",
        {"RoleName": "r", "AssumeRolePolicyDocument": {"Statement": []}},
    ),
    "AWS::Events::Rule": (
        ("events", "put_rule", {"Name": "e", "ScheduleExpression": "rate(1 day)"}),
        "arn:aws:events:us-east-1:123456789012:rule/e", {"Name": "e", "ScheduleExpression": "rate(1 day)"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("type", OTHERS, ids=lambda type: str(type).replace("::", "-"))
def test_other_types_are_imported_by_their_identifier_and_are_in_sync(cloud: Stacks, type: str) -> None:
    (service, operation, given), identifier, properties = OTHERS[type]
    getattr(cloud.gate.client(service), operation)(**given)
    template = {"R": {"Type": type, "DeletionPolicy": "Retain", "Properties": properties}}
    summary = cloud.client.get_template_summary(TemplateBody=json.dumps({"Resources": template}))
    (told,) = summary["ResourceIdentifierSummaries"]
    names = told["ResourceIdentifiers"]
    one = {"ResourceType": type, "LogicalResourceId": "R", "ResourceIdentifier": {names[0]: identifier}}
    assert change_set(cloud, template, [one])["Status"] == "CREATE_COMPLETE"
    assert execute(cloud) == "IMPORT_COMPLETE", cloud.reasons()
    found = cloud.client.detect_stack_resource_drift(StackName="shop", LogicalResourceId="R")["StackResourceDrift"]
    assert found["StackResourceDriftStatus"] == "IN_SYNC", found


def test_every_type_that_is_read_can_be_imported() -> None:
    assert set(identifiers()) == set(rows())
