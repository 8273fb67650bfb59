"""What a stack names outside of itself has to exist, or somebody has to say that it does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from guard.provisioning.stacks_of import Stacks
from scopedown.catalog.load import catalog
from scopedown.guard.cloudformation.presupposed import rows

ACCOUNT = "123456789012"
TRUST = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:elsewhere"


def function(**properties: Any) -> dict[str, Any]:
    """A function and its role."""
    return {
        "Role": ROLE,
        "F": {"Type": "AWS::Lambda::Function", "Properties": {
            "FunctionName": "f", "Runtime": "nodejs22.x", "Handler": "index.h", "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Code": {"ZipFile": "exports.h = 1"}, **properties,
        }},
    }  # fmt: skip


MISSING: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "a role": (
        function(Role=f"arn:aws:iam::{ACCOUNT}:role/none"),
        "The role defined for the function cannot be assumed by Lambda.",
    ),
    "a bucket of code": (function(Code={"S3Bucket": "none", "S3Key": "k"}), "S3 Error Code: NoSuchBucket"),
    "a security group": (
        function(VpcConfig={"SecurityGroupIds": ["sg-0123456789abcdef0"], "SubnetIds": []}),
        "The security group 'sg-0123456789abcdef0' does not exist",
    ),
    "a subnet": (
        function(VpcConfig={"SecurityGroupIds": [], "SubnetIds": ["subnet-0123456789abcdef0"]}),
        "The subnet ID 'subnet-0123456789abcdef0' does not exist",
    ),
    "a queue": (
        {**function(), "M": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
            "EventSourceArn": QUEUE, "FunctionName": {"Ref": "F"},
        }}},
        "AWS.SimpleQueueService.NonExistentQueue",
    ),
    "a topic": (
        {"S": {"Type": "AWS::SNS::Subscription", "Properties": {
            "TopicArn": f"arn:aws:sns:us-east-1:{ACCOUNT}:none", "Protocol": "email", "Endpoint": "a@example.com",
        }}},
        "HandlerErrorCode: NotFound",
    ),
    "a bucket": (
        {"P": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "none", "PolicyDocument": {"Statement": []}}}},
        "The specified bucket does not exist",
    ),
    "a hosted zone": (
        {"R": {"Type": "AWS::Route53::RecordSet", "Properties": {
            "HostedZoneId": "Z0123456789ABC", "Name": "a.example.com", "Type": "A", "TTL": "60",
            "ResourceRecords": ["192.0.2.1"],
        }}},
        "No hosted zone found with ID: Z0123456789ABC",
    ),
    "a certificate": (
        {"D": {"Type": "AWS::ApiGateway::DomainName", "Properties": {
            "DomainName": "a.example.com",
            "RegionalCertificateArn": f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/none",
            "EndpointConfiguration": {"Types": ["REGIONAL"]},
        }}},
        "The provided certificate does not exist.",
    ),
    "a key": (
        {"L": {"Type": "AWS::Logs::LogGroup", "Properties": {
            "LogGroupName": "l", "KmsKeyId": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/none",
        }}},
        "does not exist or is not allowed to be used with Arn 'arn:aws:logs:us-east-1:123456789012:log-group:l",
    ),
    "a VPC": (
        {"G": {"Type": "AWS::EC2::SecurityGroup", "Properties": {
            "GroupDescription": "g", "VpcId": "vpc-0123456789abcdef0",
        }}},
        "vpc-0123456789abcdef0",
    ),
    "the role of a policy": (
        {"P": {"Type": "AWS::IAM::Policy", "Properties": {
            "PolicyName": "p", "Roles": ["none"], "PolicyDocument": {"Statement": []},
        }}},
        "The role with name none cannot be found.",
    ),
    "a policy": (
        {"R": {"Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": TRUST, "ManagedPolicyArns": [f"arn:aws:iam::{ACCOUNT}:policy/none"],
        }}},
        "does not exist or is not attachable",
    ),
    "a policy of AWS's": (
        {"R": {"Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": TRUST,
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole"],  # it is in service-role/
        }}},
        "does not exist or is not attachable",
    ),
}  # fmt: skip


@pytest.mark.parametrize("thing", MISSING, ids=lambda thing: str(thing).replace(" ", "-"))
def test_a_stack_that_names_what_does_not_exist_fails_with_the_services_words(cloud: Stacks, thing: str) -> None:
    resources, words = MISSING[thing]
    assert cloud.create(resources) == "ROLLBACK_COMPLETE"
    assert words in cloud.reasons()[0], cloud.reasons()
    assert cloud.reasons()[0].startswith('Resource handler returned message: "')


@pytest.mark.parametrize("thing", MISSING, ids=lambda thing: str(thing).replace(" ", "-"))
def test_a_proof_takes_it_as_existing_and_says_so(cloud: Stacks, thing: str) -> None:
    cloud.gate.existence.assumes = True
    assert cloud.create(MISSING[thing][0]) == "CREATE_COMPLETE", cloud.reasons()
    (told,) = cloud.gate.existence.told()[:1]
    assert told.startswith("taken as existing: ") and "(named by " in told


def test_a_name_that_the_user_declares_may_be_missing(cloud: Stacks) -> None:
    cloud.gate.existence.declared.add("sg-0123456789abcdef0")
    resources, _ = MISSING["a security group"]
    assert cloud.create(resources) == "CREATE_COMPLETE", cloud.reasons()
    assert cloud.gate.existence.told() == ()


def test_what_is_of_another_account_cannot_be_known(cloud: Stacks) -> None:
    layer = "arn:aws:lambda:us-east-1:999999999999:layer:shared:1"
    assert cloud.create(function(Layers=[layer])) == "CREATE_COMPLETE", cloud.reasons()
    assert [id for id, _ in cloud.gate.stand_ins] == ["F"]


def test_a_proof_does_not_take_as_existing_what_the_stack_makes_too_late(cloud: Stacks) -> None:
    cloud.gate.existence.assumes = True
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "later"}}
    policy = {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "later", "PolicyDocument": {"Statement": []}}}
    assert cloud.create({"Policy": policy, "Bucket": bucket}) == "ROLLBACK_COMPLETE"
    assert "The specified bucket does not exist" in cloud.reasons()[0]


def test_a_resource_that_was_deleted_by_hand_fails_its_update(cloud: Stacks) -> None:
    queue = {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q"}}}
    cloud.create(queue)
    cloud.gate.client("sqs").delete_queue(QueueUrl=cloud.physical("Q"))
    changed = {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q", "VisibilityTimeout": 9}}}
    assert cloud.update(changed).startswith("UPDATE_ROLLBACK")
    assert "does not exist" in "".join(cloud.reasons())


@pytest.mark.parametrize("assumes", [True, False])
def test_a_parameter_of_a_type_of_ec2_names_what_exists(cloud: Stacks, assumes: bool) -> None:
    cloud.gate.existence.assumes = assumes
    template = {
        "Parameters": {"Subnets": {"Type": "List<AWS::EC2::Subnet::Id>", "Default": "subnet-0123456789abcdef0"}},
        "Resources": {"T": {"Type": "AWS::SNS::Topic"}},
    }
    cloud.client.create_stack(StackName="shop", TemplateBody=json.dumps(template))
    stack = cloud.client.describe_stacks(StackName="shop")["Stacks"][0]
    assert stack["StackStatus"] == ("CREATE_COMPLETE" if assumes else "ROLLBACK_COMPLETE")
    events = cloud.client.describe_stack_events(StackName="shop")["StackEvents"]
    told = [one.get("ResourceStatusReason", "") for one in events]
    wanted = "parameter value subnet-0123456789abcdef0 for parameter name Subnets does not exist. Rollback requested"
    assert any(wanted in one for one in told) is not assumes
    assert cloud.gate.existence.told() == (
        ("taken as existing: subnet subnet-0123456789abcdef0 (named by parameter Subnets)",) if assumes else ()
    )


def test_every_row_is_of_a_type_that_aws_has_and_of_an_operation_that_can_be_asked(cloud: Stacks) -> None:
    for type, several in rows().items():
        for one in several:
            assert one.property == "parameter" or catalog().cloudformation_type(type), type
            model = cloud.gate.client(one.service).meta.service_model.operation_model(one.operation)
            assert {name for name, _ in one.parameters} <= set(model.input_shape.members), one
