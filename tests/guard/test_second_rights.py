"""Requests that need the right of another service as well: each is denied with its own right alone."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from scopedown.guard.checks import UnmappedError, checks
from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, REGION

PLACE = f"{REGION}:{ACCOUNT}"


def asked(service: str, operation: str, **parameters: Any) -> set[tuple[str, str]]:
    found = checks(service, operation, parameters, ACCOUNT, REGION)
    return {(one.action, one.resource.rpartition(":")[2]) for one in found}


@pytest.mark.parametrize(
    ("arn", "tags", "untags"),
    [
        ("arn:aws:s3:::b", "s3:PutBucketTagging", "s3:PutBucketTagging"),
        (f"arn:aws:sqs:{PLACE}:q", "sqs:TagQueue", "sqs:UntagQueue"),
        (f"arn:aws:kinesis:{PLACE}:stream/s", "kinesis:TagResource", "kinesis:UntagResource"),
        (f"arn:aws:ec2:{PLACE}:instance/i-1", "ec2:CreateTags", "ec2:DeleteTags"),
        (f"arn:aws:rds:{PLACE}:db:d", "rds:AddTagsToResource", "rds:RemoveTagsFromResource"),
        (
            f"arn:aws:elasticloadbalancing:{PLACE}:loadbalancer/app/a/1234567890123456",
            "elasticloadbalancing:AddTags",
            "elasticloadbalancing:RemoveTags",
        ),
    ],
)
def test_tags_through_another_service_need_the_resources_own_action(arn: str, tags: str, untags: str) -> None:
    resource = arn.rpartition(":")[2]
    given: dict[str, Any] = {"ResourceARNList": [arn]}
    own = ("tag:TagResources", "*")
    assert asked("resourcegroupstaggingapi", "TagResources", Tags={"a": "b"}, **given) == {own, (tags, resource)}
    own = ("tag:UntagResources", "*")
    assert asked("resourcegroupstaggingapi", "UntagResources", TagKeys=["a"], **given) == {own, (untags, resource)}


def test_every_resource_is_asked_for_with_the_tags_of_the_request() -> None:
    arns = ["arn:aws:s3:::b", f"arn:aws:sqs:{PLACE}:q"]
    parameters = {"ResourceARNList": arns, "Tags": {"team": "red"}}
    found = checks("resourcegroupstaggingapi", "TagResources", parameters, ACCOUNT, REGION)
    own = {one.resource: one.context for one in found if one.resource in arns}
    assert list(own) == arns
    assert all(context["aws:TagKeys"] == ["team"] for context in own.values())
    assert own[arns[1]]["aws:RequestTag/team"] == "red"


def test_tags_of_a_new_log_group_are_asked_of_its_arn_without_a_colon_and_asterisk() -> None:
    assert asked("logs", "CreateLogGroup", logGroupName="g", tags={"team": "red"}) == {
        ("logs:CreateLogGroup", "*"),
        ("logs:TagResource", "g"),
    }


def test_a_resource_of_which_no_tagging_action_is_known_is_refused() -> None:
    with pytest.raises(UnmappedError):
        asked("resourcegroupstaggingapi", "TagResources", ResourceARNList=["arn:aws:nothing:::x"], Tags={"a": "b"})


def test_a_bucket_is_tagged_through_another_service_with_both_rights(gate: Gate) -> None:
    gate.client("s3").create_bucket(Bucket="own")
    allow = {"Effect": "Allow", "Action": ["tag:*", "s3:GetBucketTagging"], "Resource": "*"}
    poor = gate.make_user("poor", [{"Statement": [allow]}])
    both = [allow, {"Effect": "Allow", "Action": "s3:PutBucketTagging", "Resource": "arn:aws:s3:::own"}]
    rich = gate.make_user("rich", [{"Statement": both}])
    given = {"ResourceARNList": ["arn:aws:s3:::own"], "Tags": {"team": "red"}}
    with pytest.raises(ClientError, match="s3:PutBucketTagging"):
        gate.client("resourcegroupstaggingapi", poor).tag_resources(**given)
    gate.client("resourcegroupstaggingapi", rich).tag_resources(**given)
    assert gate.client("s3", rich).get_bucket_tagging(Bucket="own")["TagSet"] == [{"Key": "team", "Value": "red"}]


def test_a_replica_of_a_table_needs_its_own_action() -> None:
    create, delete = {"Create": {"RegionName": "eu-west-1"}}, {"Delete": {"RegionName": "eu-west-1"}}
    own = ("dynamodb:UpdateTable", "table/t")
    assert asked("dynamodb", "UpdateTable", TableName="t") == {own}
    for change, action in ((create, "CreateTableReplica"), (delete, "DeleteTableReplica")):
        found = asked("dynamodb", "UpdateTable", TableName="t", ReplicaUpdates=[change])
        assert found == {own, (f"dynamodb:{action}", "table/t")}


def test_a_connection_needs_the_secret_that_keeps_its_credentials() -> None:
    credentials = {"ApiKeyAuthParameters": {"ApiKeyName": "k", "ApiKeyValue": "v"}}
    given = {"Name": "own", "AuthorizationType": "API_KEY", "AuthParameters": credentials}
    found = checks("events", "CreateConnection", given, ACCOUNT, REGION)
    secrets = {one.action: one.resource for one in found if one.action.startswith("secretsmanager:")}
    assert set(secrets) == {f"secretsmanager:{one}Secret{more}" for one, more in
                            (("Create", ""), ("Get", "Value"), ("Put", "Value"))}  # fmt: skip
    assert all(f":{ACCOUNT}:secret:events!connection/own/" in one for one in secrets.values())
    assert not any("secret" in action for action, _ in asked("events", "UpdateConnection", Name="own"))


@pytest.mark.parametrize(("service", "operation", "parameters", "action"), [
    ("ecs", "CreateCluster", {"clusterName": "c", "tags": [{"key": "a", "value": "b"}]}, "ecs:TagResource"),
    ("stepfunctions", "CreateStateMachine", {"name": "m", "tags": [{"key": "a", "value": "b"}]}, "states:TagResource"),
    ("firehose", "CreateDeliveryStream", {"DeliveryStreamName": "d", "Tags": [{}]}, "firehose:TagDeliveryStream"),
    ("logs", "CreateLogGroup", {"logGroupName": "l", "tags": {"a": "b"}}, "logs:TagResource"),
])  # fmt: skip
def test_tags_on_what_is_made_need_their_own_action(
    service: str, operation: str, parameters: dict[str, Any], action: str
) -> None:
    found = checks(service, operation, parameters, ACCOUNT, REGION)
    assert action in {one.action for one in found}
    untagged = {name: value for name, value in parameters.items() if name.lower() != "tags"}
    assert action not in {one.action for one in checks(service, operation, untagged, ACCOUNT, REGION)}


@pytest.mark.parametrize("path", ["/", "/own", "/own/"])
def test_a_path_of_parameters_asks_for_the_keys_of_all_below_it(gate: Gate, path: str) -> None:
    key = gate.client("kms").create_key()["KeyMetadata"]["Arn"]
    gate.client("ssm").put_parameter(Name="/own/deep/p", Value="x", Type="SecureString", KeyId=key)
    given = {"Path": path, "Recursive": True, "WithDecryption": True}
    found = checks("ssm", "GetParametersByPath", given, ACCOUNT, REGION)
    assert ("kms:Decrypt", key) in {(one.action, one.resource) for one in found}


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("RunTask", {"taskDefinition": "t:1"}),
        ("StartTask", {"taskDefinition": "t:1", "containerInstances": ["i"]}),
        ("CreateService", {"serviceName": "s"}),
        ("CreateTaskSet", {"service": "s", "cluster": "c", "taskDefinition": "t:1"}),
        ("RegisterContainerInstance", {"cluster": "c"}),
    ],
)
def test_what_ecs_starts_with_tags_needs_the_right_to_tag(operation: str, parameters: dict[str, Any]) -> None:
    tagged = {**parameters, "tags": [{"key": "team", "value": "red"}]}
    with_tags, without = (
        {one.action for one in checks("ecs", operation, given, ACCOUNT, REGION)} for given in (tagged, parameters)
    )
    assert with_tags - without == {"ecs:TagResource"}
