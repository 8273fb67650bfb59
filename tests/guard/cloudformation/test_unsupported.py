"""What the local CloudFormation does not do is authorised, then refused as AWS refuses an operation that it lacks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from guard.cloudformation.conftest import Local, topics

POLICY = json.dumps({"Statement": [{"Effect": "Deny", "Action": "Update:*", "Principal": "*", "Resource": "*"}]})
UNSUPPORTED: dict[str, dict[str, Any]] = {
    "DescribeStackDriftDetectionStatus": {"StackDriftDetectionId": "d" * 36},
    "DescribeStackResourceDrifts": {"StackName": "s"},
    "DetectStackDrift": {"StackName": "s"},
    "DetectStackResourceDrift": {"StackName": "s", "LogicalResourceId": "one"},
    "GetStackPolicy": {"StackName": "s"},
}


@pytest.mark.parametrize("operation", UNSUPPORTED)
def test_an_operation_that_is_not_there_is_refused_with_its_name(local: Local, operation: str) -> None:
    local.create("s", topics(one="1"))
    name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation)[1:]
    with pytest.raises(ClientError) as refused:
        getattr(local.aws, name)(**UNSUPPORTED[operation])
    assert refused.value.response["Error"]["Code"] == "InvalidAction"
    message = f"{operation} is allowed, but the local AWS does not support it"
    assert refused.value.response["Error"]["Message"] == message
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    poor = local.gate.client("cloudformation", local.user({"Action": "sns:*", "Resource": "*"}))
    with pytest.raises(ClientError, match=f"not authorized to perform: cloudformation:{operation}"):
        getattr(poor, name)(**UNSUPPORTED[operation])


def test_a_change_set_imports_nothing_and_leaves_no_stack(local: Local) -> None:
    with pytest.raises(
        ClientError, match=r"\(InvalidAction\).*CreateChangeSet of type IMPORT is allowed, but the local"
    ):
        local.aws.create_change_set(
            StackName="s", ChangeSetName="c", ChangeSetType="IMPORT", TemplateBody=json.dumps(topics(one="1")),
            ResourcesToImport=[{"ResourceType": "AWS::SNS::Topic", "LogicalResourceId": "one",
                                "ResourceIdentifier": {"TopicArn": "t"}}],
        )  # fmt: skip
    assert local.service.stacks == []


def test_cloud_control_is_refused_as_any_service_that_is_not_there(local: Local) -> None:
    asking = local.gate.client("cloudcontrol", local.user({"Action": "cloudformation:GetResource", "Resource": "*"}))
    with pytest.raises(
        ClientError, match=r"\(NotImplemented\).*cloudcontrol.GetResource is allowed, but the local AWS"
    ):
        asking.get_resource(TypeName="AWS::Lambda::Url", Identifier="f")
    poor = local.gate.client("cloudcontrol", local.user({"Action": "sns:*", "Resource": "*"}))
    with pytest.raises(ClientError, match="not authorized to perform: cloudformation:GetResource"):
        poor.get_resource(TypeName="AWS::Lambda::Url", Identifier="f")


def test_a_stack_policy_of_a_deployment_is_authorised_and_limits_nothing(local: Local) -> None:
    local.create("s", topics(one="1"), StackPolicyBody=POLICY)
    local.aws.set_stack_policy(StackName="s", StackPolicyBody=POLICY)
    assert local.update("s", topics(one="2"), StackPolicyDuringUpdateBody=POLICY) == "UPDATE_COMPLETE"
    assert local.gate.stand_ins == [("s", "its stack policy limits no update")] * 3
    poor = local.gate.client("cloudformation", local.user({"Action": "cloudformation:Describe*", "Resource": "*"}))
    with pytest.raises(ClientError, match="not authorized to perform: cloudformation:SetStackPolicy"):
        poor.set_stack_policy(StackName="s", StackPolicyBody=POLICY)


def test_a_stack_policy_in_s3_is_read_as_the_caller(local: Local) -> None:
    local.create("s", topics(one="1"))
    local.gate.client("s3").create_bucket(Bucket="files")
    local.gate.client("s3").put_object(Bucket="files", Key="policy.json", Body=POLICY)
    url = "https://files.s3.amazonaws.com/policy.json"
    poor = local.gate.client("cloudformation", local.user({"Action": "cloudformation:*", "Resource": "*"}))
    with pytest.raises(ClientError, match="s3:GetObject"):
        poor.set_stack_policy(StackName="s", StackPolicyURL=url)
    local.aws.set_stack_policy(StackName="s", StackPolicyURL=url)
    assert local.gate.stand_ins == [("s", "its stack policy limits no update")]
