"""Every role that a request names is asked for, unless what names it passes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scopedown.catalog.load import catalog
from scopedown.core.tables import read_rows
from scopedown.guard import passed_roles
from scopedown.guard.checks import checks
from scopedown.guard.gate import Gate
from scopedown.guard.model import ACCOUNT, REGION, Check

ROLE = f"arn:aws:iam::{ACCOUNT}:role/theirs"
PATCH = {"op": "replace", "path": "/cloudwatchRoleArn", "value": ROLE}
SOURCE = {"TmpDirIAMRole": ROLE}
STATEMENT = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "sqs:SendMessage", "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def passed(service: str, operation: str, **parameters: Any) -> dict[str, str]:
    """The roles that a request is asked to pass, with the service that gets each."""
    found = checks(service, operation, parameters, ACCOUNT, REGION)
    return {one.resource: str(one.context.get("iam:PassedToService", "")) for one in found if is_pass(one)}


def is_pass(one: Check) -> bool:
    return one.action == "iam:PassRole"


def definition(role: str) -> str:
    integration = {"type": "aws", "credentials": role}
    return json.dumps({"openapi": "3.0.1", "paths": {"/": {"get": {"x-amazon-apigateway-integration": integration}}}})


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("apigateway", "PutIntegration", {"restApiId": "a", "resourceId": "b", "credentials": ROLE}),
        ("apigateway", "UpdateAccount", {"patchOperations": [PATCH]}),
        ("apigateway", "ImportRestApi", {"body": definition(ROLE).encode()}),
        ("apigatewayv2", "ImportApi", {"Body": definition(ROLE)}),
        ("apigatewayv2", "ImportApi", {"Body": definition(ROLE).replace("iam", "\\u0069am")}),
        ("apigatewayv2", "ImportApi", {"Body": f'openapi: 3.0.1\ncredentials: "{ROLE[:12]}\\\n  {ROLE[12:]}"\n'}),
        ("cognito-idp", "CreateUserPool", {"PoolName": "x", "SmsConfiguration": {"SnsCallerArn": ROLE}}),
        ("ec2", "CreateFlowLogs", {"ResourceIds": ["vpc-1"], "ResourceType": "VPC", "DeliverLogsPermissionArn": ROLE}),
        ("glue", "CreateJob", {"Name": "j", "CodeGenConfigurationNodes": {"Tags": {"RedshiftSource": SOURCE}}}),
        ("sns", "CreateTopic", {"Name": "x", "Attributes": {"HTTPFailureFeedbackRoleArn": ROLE}}),
        ("sns", "SetTopicAttributes", {"AttributeName": "SQSFailureFeedbackRoleArn", "AttributeValue": ROLE}),
        ("ssm", "StartAutomationExecution", {"DocumentName": "x", "Parameters": {"AutomationAssumeRole": [ROLE]}}),
        ("iot", "CreateRoleAlias", {"roleAlias": ROLE, "roleArn": ROLE.replace("theirs", "mine")}),
    ],
)  # fmt: skip
def test_a_role_is_asked_for_wherever_it_is_named(service: str, operation: str, parameters: dict[str, Any]) -> None:
    assert ROLE in passed(service, operation, **parameters)


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("dynamodb", "PutItem", {"TableName": "t", "Item": {"role": {"S": ROLE}}}),
        ("iam", "PutRolePolicy", {"RoleName": "r", "PolicyName": "p", "PolicyDocument": POLICY}),
        ("kms", "CreateGrant", {"KeyId": "k", "GranteePrincipal": ROLE, "Operations": ["Decrypt"]}),
        ("lambda", "AddPermission", {"FunctionName": "f", "Principal": ROLE, "Action": "lambda:InvokeFunction"}),
        ("logs", "DescribeLogGroups", {"logGroupNamePrefix": ROLE}),
        ("sqs", "CreateQueue", {"QueueName": "q", "tags": {"made-by": ROLE}}),
        ("sqs", "SetQueueAttributes", {"QueueUrl": "q", "Attributes": {"Policy": POLICY}}),
    ],
)  # fmt: skip
def test_a_principal_a_message_and_a_tag_pass_no_role(service: str, operation: str, parameters: dict[str, Any]) -> None:
    assert passed(service, operation, **parameters) == {}


def test_a_name_that_the_caller_chooses_hides_no_role() -> None:
    hidden = {"Statement": [{"Effect": "Allow", "credentials": ROLE}], "Principal": {"credentials": ROLE}}
    for name in hidden:
        assert ROLE in passed("apigatewayv2", "ImportApi", Body=json.dumps({name: hidden[name]}))


def test_the_service_that_gets_the_role_is_set_where_the_catalog_knows_only_one() -> None:
    assert passed("apigateway", "UpdateAccount", patchOperations=[PATCH]) == {ROLE: "apigateway.amazonaws.com"}
    assert passed("swf", "StartWorkflowExecution", domain="d", lambdaRole=ROLE)[ROLE] == ""


@pytest.fixture
def instances(gate: Gate) -> Gate:
    """A local AWS with a role in an instance profile, and what launches instances with it."""
    iam, ec2 = gate.client("iam"), gate.client("ec2")
    iam.create_role(RoleName="theirs", AssumeRolePolicyDocument=TRUST)
    iam.create_instance_profile(InstanceProfileName="harmless")
    iam.add_role_to_instance_profile(InstanceProfileName="harmless", RoleName="theirs")
    data = {"ImageId": "ami-12345678", "IamInstanceProfile": {"Name": "harmless"}}
    ec2.create_launch_template(LaunchTemplateName="own", LaunchTemplateData=data)
    gate.client("autoscaling").create_launch_configuration(
        LaunchConfigurationName="own", ImageId="ami-12345678", InstanceType="t2.micro", IamInstanceProfile="harmless"
    )
    gate.client("ecs").register_task_definition(
        family="own", taskRoleArn=ROLE, containerDefinitions=[{"name": "a", "image": "x", "memory": 128}]
    )
    return gate


TEMPLATE = {"LaunchTemplateName": "own"}


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("ec2", "RunInstances", {"IamInstanceProfile": {"Name": "harmless"}}),
        ("ec2", "RunInstances", {"IamInstanceProfile": {"Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/harmless"}}),
        ("ec2", "RunInstances", {"LaunchTemplate": TEMPLATE}),
        ("ec2", "CreateFleet", {"LaunchTemplateConfigs": [{"LaunchTemplateSpecification": TEMPLATE}]}),
        ("ec2", "RequestSpotInstances", {"LaunchSpecification": {"IamInstanceProfile": {"Name": "harmless"}}}),
        ("autoscaling", "CreateAutoScalingGroup", {"AutoScalingGroupName": "g", "LaunchConfigurationName": "own"}),
        ("autoscaling", "UpdateAutoScalingGroup", {"AutoScalingGroupName": "g", "LaunchTemplate": TEMPLATE}),
        ("eks", "CreateNodegroup", {"clusterName": "c", "nodegroupName": "n", "launchTemplate": {"name": "own"}}),
        ("emr", "RunJobFlow", {"Name": "x", "JobFlowRole": "harmless"}),
        ("ecs", "RunTask", {"taskDefinition": "own"}),
        ("rds", "RestoreDBInstanceFromDBSnapshot", {"DBInstanceIdentifier": "d", "DomainIAMRoleName": "theirs"}),
        ("emr", "StartNotebookExecution", {"ExecutionEngine": {"Id": "j"}, "ServiceRole": "theirs"}),
    ],
)  # fmt: skip
def test_the_role_behind_a_profile_a_template_or_a_task_is_asked_for(
    instances: Gate, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    found = passed(service, operation, **parameters)
    assert ROLE in found
    assert f"arn:aws:iam::{ACCOUNT}:role/*" not in found


def test_a_group_of_the_kind_of_an_instance_asks_for_its_role(instances: Gate) -> None:
    profile = {"Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/harmless"}
    made = instances.client("ec2").run_instances(
        ImageId="ami-12345678", MinCount=1, MaxCount=1, IamInstanceProfile=profile
    )
    instance = made["Instances"][0]["InstanceId"]
    assert ROLE in passed("autoscaling", "CreateLaunchConfiguration", LaunchConfigurationName="l", InstanceId=instance)
    assert ROLE in passed("autoscaling", "CreateAutoScalingGroup", AutoScalingGroupName="g", InstanceId=instance)


def test_a_profile_given_by_its_arn_is_no_role_of_its_own(instances: Gate) -> None:
    profile = f"arn:aws:iam::{ACCOUNT}:instance-profile/harmless"
    assert set(passed("emr", "RunJobFlow", Name="x", JobFlowRole=profile)) == {ROLE}


def test_a_launch_template_asks_who_uses_it(instances: Gate) -> None:
    data = {"IamInstanceProfile": {"Name": "harmless"}}
    assert passed("ec2", "CreateLaunchTemplate", LaunchTemplateName="x", LaunchTemplateData=data) == {}


def test_a_task_without_roles_passes_none(instances: Gate) -> None:
    instances.client("ecs").register_task_definition(
        family="plain", containerDefinitions=[{"name": "a", "image": "x", "memory": 128}]
    )
    assert passed("ecs", "RunTask", taskDefinition="plain") == {}


def test_every_row_names_an_operation_and_its_source() -> None:
    for row in read_rows(Path(passed_roles.__file__).with_name("roles_not_passed.tsv")):
        assert row["source"]
        assert row["service"] == "*" or catalog().service(row["service"]), row
        assert row["operation"] == "*" or catalog().operation(row["service"], row["operation"]), row
