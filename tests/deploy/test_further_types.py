"""What deploying types needs that projects declare beside the framework's own: from a template to actions on ARNs."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.deploy.arns import FORMS
from scopedown.deploy.names import generated_name
from scopedown.deploy.plan import split_plan
from scopedown.deploy.rows import type_rows
from scopedown.deploy.target import Target
from scopedown.project.load import Options, load_project

TARGET = Target("aws", "eu-west-1", "123456789012", "shop-dev", "shop", "dev")


def needed(tmp_path: Path, resources: str, framework: str = "cloudformation") -> dict[str, set[str]]:
    """Action → ARNs of a template's resources, of the account 123456789012 in eu-west-1, stack ``shop``."""
    file = tmp_path / "shop" / "template.yaml"
    file.parent.mkdir()
    file.write_text(f"AWSTemplateFormatVersion: '2010-09-09'\nResources: {{{resources}}}\n", "utf-8")
    project = load_project(file, Options(region="eu-west-1", account="123456789012"))
    found: dict[str, set[str]] = {}
    for one in split_plan(project, catalog(), framework, ("deploy",)).role.permissions:
        found.setdefault(one.action, set()).update(one.resources)
    return found


@pytest.mark.parametrize(
    ("form", "value", "arns"),
    [
        ("role", "worker", ["arn:aws:iam::123456789012:role/worker", "arn:aws:iam::123456789012:role/*/worker"]),
        ("role", "arn:aws:iam::123456789012:role/app/worker", ["arn:aws:iam::123456789012:role/app/worker"]),
        ("role", "*", ["arn:aws:iam::123456789012:role/*"]),
        ("secret", "db", ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-??????"]),
        ("secret", "*", ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:*"]),
        ("s3-object", "s3://assets/a/b.json", ["arn:aws:s3:::assets/a/b.json"]),
        ("s3-object", "https://s3.eu-west-1.amazonaws.com/assets/a.yml?versionId=1", ["arn:aws:s3:::assets/a.yml"]),
        ("s3-object", "https://assets.s3.amazonaws.com/a.yml", ["arn:aws:s3:::assets/a.yml"]),
        ("s3-object", "./nested.yml", ["arn:aws:s3:::*/*"]),
        ("s3-bucket", "s3://results/athena/", ["arn:aws:s3:::results"]),
        ("listeners", "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/web/*",
         ["arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/web/*/*"]),
        ("state-machine", "arn:aws:states:eu-west-1:1:stateMachine:flow:7",
         ["arn:aws:states:eu-west-1:1:stateMachine:flow", "arn:aws:states:eu-west-1:1:stateMachine:flow:*"]),
        ("web-acl", "front|*|REGIONAL", ["arn:aws:wafv2:eu-west-1:123456789012:*/webacl/front/*"]),
    ],
)  # fmt: skip
def test_a_value_becomes_an_arn(form: str, value: str, arns: list[str]) -> None:
    assert list(FORMS[form](value, TARGET)) == arns


def test_names_that_leave_the_stack_away() -> None:
    assert generated_name("shop-dev", "Flow", 80, "own") == "Flow-*"
    assert generated_name("shop-dev", "Flow", 80, "any") == "*Flow-*"
    assert generated_name("shop-dev", "Limit", 0, "cfn") == "CFN-Limit-*"
    assert generated_name("shop-dev", "A" * 90, 80, "own") == "A" * 66 + "*"


def test_a_state_machine_is_passed_its_role_and_named_by_its_logical_id(tmp_path: Path) -> None:
    found = needed(
        tmp_path,
        "Flow: {Type: AWS::StepFunctions::StateMachine, Properties: {RoleArn: 'arn:aws:iam::123456789012:role/r'}}",
    )
    assert found["states:CreateStateMachine"] == {"arn:aws:states:eu-west-1:123456789012:stateMachine:Flow-*"}
    assert "arn:aws:iam::123456789012:role/r" in found["iam:PassRole"]
    assert "kms:GenerateDataKey" not in found


def test_a_rotation_names_the_secret_through_its_attachment(tmp_path: Path) -> None:
    found = needed(
        tmp_path,
        "Key: {Type: AWS::SecretsManager::Secret, Properties: {Name: db}}, "
        "Tie: {Type: AWS::SecretsManager::SecretTargetAttachment, Properties: {SecretId: !Ref Key, TargetId: cluster1, "
        "TargetType: 'AWS::RDS::DBCluster'}}, "
        "Turn: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: !Ref Tie}}",
    )
    secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-??????"
    assert found["secretsmanager:RotateSecret"] == {secret}
    assert found["secretsmanager:PutSecretValue"] == {secret}
    assert found["rds:DescribeDBClusters"] == {"arn:aws:rds:eu-west-1:123456789012:cluster:cluster1"}
    assert "rds:DescribeDBInstances" not in found
    assert "secretsmanager:GetRandomPassword" not in found


def test_rules_of_a_group_that_is_named_by_its_id(tmp_path: Path) -> None:
    found = needed(
        tmp_path,
        "In: {Type: AWS::EC2::SecurityGroupIngress, Properties: {GroupId: sg-1, IpProtocol: tcp}}, "
        "Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: d, VpcId: vpc-1}}",
    )
    groups = "arn:aws:ec2:eu-west-1:123456789012:security-group"
    assert found["ec2:AuthorizeSecurityGroupIngress"] == {f"{groups}/sg-1"}
    assert found["ec2:CreateSecurityGroup"] == {f"{groups}/*", "arn:aws:ec2:eu-west-1:123456789012:vpc/vpc-1"}
    assert "ec2:AuthorizeSecurityGroupEgress" not in found


def test_a_web_acl_is_tied_only_to_what_the_template_names(tmp_path: Path) -> None:
    pool = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc"
    found = needed(
        tmp_path,
        f"Tie: {{Type: AWS::WAFv2::WebACLAssociation, Properties: {{ResourceArn: '{pool}', WebACLArn: "
        "'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/front/1'}}",
    )
    assert pool in found["cognito-idp:AssociateWebACL"]
    assert "apigateway:SetWebACL" not in found and "elasticloadbalancing:SetWebAcl" not in found


def test_a_role_of_the_template_is_named_with_its_path(tmp_path: Path) -> None:
    role = "Worker: {Type: AWS::IAM::Role, Properties: {RoleName: worker, Path: /app/, AssumeRolePolicyDocument: {}}}"
    policy = "Own: {Type: AWS::IAM::Policy, Properties: {Roles: [!Ref Worker], PolicyName: p, PolicyDocument: {}}}"
    found = needed(tmp_path, f"{role}, {policy}")
    assert found["iam:PutRolePolicy"] == {"arn:aws:iam::123456789012:role/app/worker"}


def test_local_files_that_a_property_names_are_read_from_where_they_are_packaged(tmp_path: Path) -> None:
    schema = "Schema: {Type: AWS::AppSync::GraphQLSchema, Properties: {ApiId: a, DefinitionS3Location: ./a.graphql}}"
    stack = (
        "Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://s3.amazonaws.com/b/inner.yml'}}"
    )
    found = needed(tmp_path, f"{schema}, {stack}", "sam")
    packaged = "arn:aws:s3:::aws-sam-cli-managed-default-samclisourcebucket-*/*"
    assert found["s3:GetObject"] == {packaged, "arn:aws:s3:::b/inner.yml"}


@pytest.mark.parametrize("profile", ["!Ref Profile", "!GetAtt Profile.Arn"])
def test_a_machine_is_passed_the_roles_of_its_profile(tmp_path: Path, profile: str) -> None:
    found = needed(
        tmp_path,
        "Worker: {Type: AWS::IAM::Role, Properties: {RoleName: worker, AssumeRolePolicyDocument: {}}}, "
        "Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Worker]}}, "
        f"Machine: {{Type: AWS::EC2::Instance, Properties: {{IamInstanceProfile: {profile}}}}}",
    )
    assert found["iam:PassRole"] == {"arn:aws:iam::123456789012:role/worker"}


def test_a_machine_of_another_stacks_profile_may_be_passed_any_role(tmp_path: Path) -> None:
    found = needed(tmp_path, "Machine: {Type: AWS::EC2::Instance, Properties: {IamInstanceProfile: other}}")
    assert found["iam:PassRole"] == {"arn:aws:iam::123456789012:role/*"}


def test_what_is_kept_is_not_deleted(tmp_path: Path) -> None:
    found = needed(tmp_path, "Store: {Type: AWS::DynamoDB::GlobalTable, DeletionPolicy: Retain, Properties: {}}")
    assert "dynamodb:CreateTable" in found and "dynamodb:DeleteTable" not in found


@pytest.mark.parametrize("service", ["ec2", "rds", "kms", "iam", "secretsmanager"])
def test_no_row_of_a_service_that_holds_much_acts_on_everything(service: str) -> None:
    """``*`` stands there only for actions that AWS limits by no resource."""
    rows = [row for rows in type_rows().values() for row in rows if row.action.startswith(f"{service}:")]
    for row in rows:
        known = catalog().action(row.action)
        assert known is not None
        assert "*" not in row.resource.split() or not known.resource_types, row
