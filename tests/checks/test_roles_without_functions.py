"""Roles, users and policies that no function uses are looked at by the rules that need no code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command_line import run
from scopedown.catalog.load import catalog
from scopedown.checks.run import problems
from scopedown.project.load import Options, load_project
from scopedown.scan import scan


def trust(service: str) -> dict[str, Any]:
    return {"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}


def allow(action: object, resource: object = "*", **more: object) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource, **more}]}


def role(service: str, action: object, resource: object = "*") -> dict[str, Any]:
    policy = {"PolicyName": "p", "PolicyDocument": allow(action, resource)}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust(service), "Policies": [policy]}}


def holder(kind: str, **properties: object) -> dict[str, Any]:
    return {"Type": f"AWS::IAM::{kind}", "Properties": properties}


def of_resource(kind: str, **properties: object) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def found(folder: Path, **resources: dict[str, Any]) -> list[tuple[str, str]]:
    (folder / "template.json").write_text(json.dumps({"Resources": resources}))
    scanned = scan(load_project(folder / "template.json", Options()), catalog())
    return [(one.rule, one.message) for one in problems(scanned, catalog())]


ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
ANYBODY: dict[str, Any] = {"Principal": "*"}
WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "a task's role that may do everything": ("SD207", role("ecs-tasks.amazonaws.com", "*")),
    "a pipeline's role with AdministratorAccess": (
        "SD207",
        holder("Role", AssumeRolePolicyDocument=trust("codebuild.amazonaws.com"), ManagedPolicyArns=[ADMIN]),
    ),
    "a user that may do everything": (
        "SD207",
        holder("User", Policies=[{"PolicyName": "p", "PolicyDocument": allow("*")}]),
    ),
    "a group's policy that allows everything": ("SD207", holder("Policy", PolicyDocument=allow("*"), Groups=["g"])),
    "a state machine's role with all of a service": ("SD212", role("states.amazonaws.com", "sqs:*")),
    "a role with all but a service": (
        "SD212",
        holder(
            "Role",
            AssumeRolePolicyDocument=trust("ec2.amazonaws.com"),
            Policies=[
                {
                    "PolicyName": "p",
                    "PolicyDocument": {"Statement": [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]},
                }
            ],
        ),
    ),
    "a role with a FullAccess policy": (
        "SD212",
        holder(
            "Role",
            AssumeRolePolicyDocument=trust("glue.amazonaws.com"),
            ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonS3FullAccess"],
        ),
    ),
    "a role that passes any role": ("SD206", role("states.amazonaws.com", "iam:PassRole")),
    "a role that may do everything in AWS's other spelling": ("SD207", role("ec2.amazonaws.com", "*:*")),
    "a role with all but some objects": (
        "SD208",
        holder(
            "Role",
            AssumeRolePolicyDocument=trust("ec2.amazonaws.com"),
            Policies=[
                {
                    "PolicyName": "p",
                    "PolicyDocument": {
                        "Statement": [
                            {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::payroll/*"}
                        ]
                    },
                }
            ],
        ),
    ),
    "a role that may write any policy": ("SD214", role("codebuild.amazonaws.com", "iam:Put*Policy")),
    "a role that may take over any role": (
        "SD214",
        role("codebuild.amazonaws.com", ["iam:ListRoles", "iam:UpdateAssumeRolePolicy"], "arn:aws:iam::1:role/*"),
    ),
    "a role of which a statement is refused": ("SD303", role("ec2.amazonaws.com", "s*:Get")),
    "a private API for every VPC": (
        "SD213",
        of_resource(
            "ApiGateway::RestApi",
            EndpointConfiguration={"Types": ["PRIVATE"]},
            Policy=allow("execute-api:Invoke", "execute-api:/*", **ANYBODY),
        ),
    ),
    "a bucket for everybody": (
        "SD213",
        of_resource(
            "S3::BucketPolicy", Bucket="b", PolicyDocument=allow("s3:GetObject", "arn:aws:s3:::b/*", **ANYBODY)
        ),
    ),
    "a queue for everybody": (
        "SD213",
        of_resource("SQS::QueuePolicy", Queues=["q"], PolicyDocument=allow("sqs:SendMessage", "*", **ANYBODY)),
    ),
    "a role that anybody may assume": (
        "SD213",
        holder(
            "Role",
            AssumeRolePolicyDocument={
                "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]
            },
        ),
    ),
}


@pytest.mark.parametrize("rule, resource", WRONG.values(), ids=WRONG.keys())
def test_a_bad_role_or_policy_is_found(rule: str, resource: dict[str, Any], tmp_path: Path) -> None:
    assert rule in {one for one, _ in found(tmp_path, R=resource)}


ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
RIGHT: dict[str, dict[str, Any]] = {
    "a role with all of a service on one resource": role("states.amazonaws.com", "sqs:*", "arn:aws:sqs:*:*:q"),
    "a role with listed actions": role("ecs-tasks.amazonaws.com", ["sqs:SendMessage", "sqs:Get*"]),
    "a policy that AWS makes for a service": holder(
        "Role",
        AssumeRolePolicyDocument=trust("glue.amazonaws.com"),
        ManagedPolicyArns=["arn:aws:iam::aws:policy/service-role/AWSGlueServiceRole"],
    ),
    "a bucket for an organization": of_resource(
        "S3::BucketPolicy",
        Bucket="b",
        PolicyDocument=allow("s3:GetObject", "arn:aws:s3:::b/*", Principal="*", Condition=ORGANIZATION),
    ),
    "an API for everybody": of_resource(
        "ApiGateway::RestApi", Policy=allow("execute-api:Invoke", "execute-api:/*", **ANYBODY)
    ),
    "a role that may change the roles of a path": role(
        "codebuild.amazonaws.com", "iam:PutRolePolicy", "arn:aws:iam::1:role/app/*"
    ),
    "a function's URL for everybody": of_resource(
        "Lambda::Permission",
        FunctionName="f",
        Principal="*",
        Action="lambda:InvokeFunctionUrl",
        FunctionUrlAuthType="NONE",
    ),
}


@pytest.mark.parametrize("resource", RIGHT.values(), ids=RIGHT.keys())
def test_a_narrow_role_or_policy_is_no_problem(resource: dict[str, Any], tmp_path: Path) -> None:
    assert found(tmp_path, R=resource) == []


def test_what_another_statement_denies_is_not_public(tmp_path: Path) -> None:
    document = allow("s3:GetObject", "arn:aws:s3:::b/*", Principal="*")
    document["Statement"].append(
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": "arn:aws:s3:::b/*",
            "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}},
        }
    )
    assert found(tmp_path, R=of_resource("S3::BucketPolicy", Bucket="b", PolicyDocument=document)) == []


def test_a_report_names_the_roles_that_were_not_compared(tmp_path: Path) -> None:
    template = {
        "Resources": {"Task": role("ecs-tasks.amazonaws.com", "*"), "Machine": role("states.amazonaws.com", "sqs:*")}
    }
    (tmp_path / "template.json").write_text(json.dumps(template))
    ran = run("template.json", cwd=tmp_path, command="check")
    assert ran.returncode == 1
    assert "2 roles that no function uses were not compared with code: Task (ecs-tasks), Machine (states)" in ran.stdout
    assert "the check fails because of SD207" in ran.stdout


TERRAFORM = {
    "a user's attachment": (
        "SD207", 'resource "aws_iam_user_policy_attachment" "s" {\n  user = "u"\n  policy_arn = "' + ADMIN + '"\n}\n'
    ),
    "a permission set's attachment": (
        "SD207",
        'resource "aws_ssoadmin_managed_policy_attachment" "s" {\n  instance_arn = "i"\n  permission_set_arn = "p"\n'
        '  managed_policy_arn = "' + ADMIN + '"\n}\n',
    ),
    **{
        f"the policy of {type}": (
            "SD213",
            f'resource "{type}" "s" {{\n  {argument} = jsonencode({{ Statement = [{{ Effect = "Allow", '
            f'Principal = "*", Action = "{action}", Resource = "*" }}] }})\n}}\n',
        )
        for type, argument, action in (
            ("aws_kms_key_policy", "policy", "kms:Decrypt"),
            ("aws_ecr_repository_policy", "policy", "ecr:BatchGetImage"),
            ("aws_efs_file_system_policy", "policy", "elasticfilesystem:ClientMount"),
            ("aws_backup_vault_policy", "policy", "backup:CopyIntoBackupVault"),
            ("aws_opensearch_domain_policy", "access_policies", "es:ESHttpGet"),
            ("aws_dynamodb_resource_policy", "policy", "dynamodb:GetItem"),
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("rule, written", TERRAFORM.values(), ids=TERRAFORM.keys())
def test_policies_of_terraform_that_have_a_resource_of_their_own_are_found(
    rule: str, written: str, tmp_path: Path
) -> None:
    (tmp_path / "main.tf").write_text(written)
    scanned = scan(load_project(tmp_path / "main.tf", Options()), catalog())
    assert rule in {one.rule for one in problems(scanned, catalog())}


def test_a_role_of_the_frameworks_own_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(
        "service: s\nprovider: {name: aws, runtime: python3.12}\n"
        "functions: {f: {handler: app.f, events: [{s3: {bucket: b, existing: true}}]}}\n"
    )
    (tmp_path / "app.py").write_text("def f(event, context): pass\n")
    assert "SD206" not in run(cwd=tmp_path, command="check").stdout
