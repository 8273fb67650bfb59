"""Each action that is asked for a resource, denied alone, fails the deployment with AWS's sentence."""

from __future__ import annotations

from typing import Any

import pytest

from guard.provisioning.stacks_of import NAME, Stacks
from guard.provisioning.test_resources_are_made import att, inline, role
from scopedown.deploy.model import Phase
from scopedown.guard.cloudformation.driver import Place
from scopedown.guard.cloudformation.provision_calls import checks_of
from scopedown.guard.cloudformation.template import Made

TYPES: dict[str, dict[str, Any]] = {
    "AWS::SQS::Queue": {"VisibilityTimeout": 30, "Tags": [{"Key": "team", "Value": "a"}]},
    "AWS::SNS::Topic": {"DisplayName": "d"},
    "AWS::DynamoDB::Table": {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
    },
    "AWS::S3::Bucket": {"VersioningConfiguration": {"Status": "Enabled"}},
    "AWS::Logs::LogGroup": {"RetentionInDays": 7},
    "AWS::IAM::Role": role(Policies=inline("GetObject"))["Properties"],
    "AWS::Events::Rule": {"ScheduleExpression": "rate(1 day)"},
    "AWS::SecretsManager::Secret": {"SecretString": "s"},
    "AWS::SSM::Parameter": {"Type": "String", "Value": "v"},
    "AWS::Lambda::Function": {
        "Runtime": "nodejs22.x", "Handler": "index.h", "Role": att("Role"), "Code": {"ZipFile": "exports.h = 1"},
        "ReservedConcurrentExecutions": 1,
    },
    "AWS::Cognito::UserPool": {"UserPoolName": "people"},
    "AWS::AppConfig::Application": {"Name": "settings"},
}  # fmt: skip


def resources_of(type: str) -> dict[str, Any]:
    one = {"One": {"Type": type, "Properties": TYPES[type]}}
    return {"Role": role(RoleName="shop-role"), **one} if "Lambda" in type else one


@pytest.mark.parametrize("type", TYPES)
def test_each_action_denied_alone_fails_the_resource(cloud: Stacks, type: str) -> None:
    assert cloud.create(resources_of(type)) == "CREATE_COMPLETE", cloud.reasons()
    asked = {one.check.action for one in cloud.gate.decided if one.logical_id == "One"}
    assert len(asked) >= 2 or type == "AWS::SSM::Parameter"
    for action in sorted(asked):
        cloud.fresh()
        cloud.gate.without.add(action)
        assert cloud.create(resources_of(type)) == "ROLLBACK_COMPLETE", action
        assert any(f"is not authorized to perform: {action} on resource: " in reason for reason in cloud.reasons())


@pytest.mark.parametrize("type", TYPES)
def test_what_is_asked_names_the_resource_that_is_made(cloud: Stacks, type: str) -> None:
    cloud.create(resources_of(type))
    physical = cloud.physical("One")
    name = physical.rpartition("/")[2].rpartition(":")[2]
    cloud.delete()
    modelled = [one for one in cloud.gate.decided if one.logical_id == "One"]
    assert modelled and all(one.modelled for one in modelled)
    arns = {one.check.resource for one in modelled if one.check.resource != "*" and ":iam::" not in one.check.resource}
    if type == "AWS::IAM::Role":
        arns = {one.check.resource for one in modelled}
    assert all("*" not in arn for arn in arns)
    assert any(name in arn for arn in arns), (name, arns)


def test_a_role_is_passed_to_the_service_that_gets_it(cloud: Stacks) -> None:
    cloud.create(resources_of("AWS::Lambda::Function"))
    (passing,) = {
        (one.check.resource, one.check.context["iam:PassedToService"])
        for one in cloud.gate.decided
        if one.check.action == "iam:PassRole"
    }
    assert passing == ("arn:aws:iam::123456789012:role/shop-role", "lambda.amazonaws.com")


def test_tags_are_what_the_request_carries(cloud: Stacks) -> None:
    cloud.create(resources_of("AWS::SQS::Queue"))
    tagging = next(one for one in cloud.gate.decided if one.check.action == "sqs:CreateQueue")
    assert tagging.check.context["aws:RequestTag/team"] == "a"
    assert tagging.check.resource.startswith(f"arn:aws:sqs:us-east-1:123456789012:{NAME}-One-")


def test_an_update_asks_only_for_what_differs(cloud: Stacks) -> None:
    table = TYPES["AWS::DynamoDB::Table"]
    cloud.create({"One": {"Type": "AWS::DynamoDB::Table", "Properties": table}})
    cloud.gate.decided.clear()
    changed = {**table, "TimeToLiveSpecification": {"AttributeName": "gone", "Enabled": False}}
    assert cloud.update({"One": {"Type": "AWS::DynamoDB::Table", "Properties": changed}}) == "UPDATE_COMPLETE"
    asked = {one.check.action for one in cloud.gate.decided if one.logical_id == "One"}
    assert "dynamodb:UpdateTimeToLive" in asked
    assert not asked & {"dynamodb:CreateTable", "dynamodb:TagResource", "dynamodb:UpdateContinuousBackups"}


@pytest.mark.parametrize(("policy", "asked"), [("Delete", False), ("Snapshot", True)])
def test_a_snapshot_is_asked_for_only_where_the_deletion_leaves_one(policy: str, asked: bool) -> None:
    made = Made("orders", {}, "AWS::RDS::DBCluster", {"DBClusterIdentifier": "orders"}, deletion_policy=policy)
    found = checks_of(made.type, Phase.DELETE, Place("s", "Orders", "r", {}), made.properties, made)
    assert ("rds:CreateDBClusterSnapshot" in {check.action for check in found}) is asked
