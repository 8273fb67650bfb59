"""What no policy can allow: AWS managed policies, roles and aliases that belong to AWS."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run
from scopedown.iam.services import refused, rows

ACCOUNT = "arn:aws:iam::111122223333"


def test_every_row_has_a_source_and_a_code() -> None:
    assert all(row.source.startswith("https://docs.aws.amazon.com/") and row.code and row.reason for row in rows())


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("iam:CreatePolicyVersion", "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"),
        ("iam:PutRolePolicy", f"{ACCOUNT}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"),
        ("iam:PutRolePolicy", f"{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"),
        ("iam:CreateRole", f"{ACCOUNT}:role/aws-reserved/x"),
        ("iam:CreateServiceLinkedRole", f"{ACCOUNT}:role/aws-reserved/x"),
        ("iam:PassRole", f"{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"),
        ("iam:CreatePolicy", "arn:aws:iam::aws:policy/AdministratorAccess"),
        ("kms:CreateAlias", "arn:aws:kms:eu-west-1:111122223333:alias/aws/s3"),
        ("organizations:UpdatePolicy", "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"),
        ("ssm:PutParameter", "arn:aws:ssm:eu-west-1:111122223333:parameter/aws/own"),
        ("events:DeleteEventBus", "arn:aws:events:eu-west-1:111122223333:event-bus/default"),
        ("athena:DeleteWorkGroup", "arn:aws:athena:eu-west-1:111122223333:workgroup/primary"),
        ("rds:DeleteDBParameterGroup", "arn:aws:rds:eu-west-1:111122223333:pg:default.postgres16"),
    ],
)
def test_a_request_that_aws_refuses_whoever_asks(action: str, resource: str) -> None:
    assert refused(action, resource) is refused(action.lower(), resource) is not None


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("iam:AttachRolePolicy", f"{ACCOUNT}:role/own"),
        ("iam:PassRole", f"{ACCOUNT}:role/service-role/own"),
        ("iam:GetPolicy", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
        ("iam:DeleteServiceLinkedRole", f"{ACCOUNT}:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS"),
        ("iam:GetRole", f"{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"),
        ("kms:CreateAlias", "arn:aws:kms:eu-west-1:111122223333:alias/own"),
        ("organizations:AttachPolicy", "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"),
        ("ssm:GetParameter", "arn:aws:ssm:eu-west-1::parameter/aws/service/ami-amazon-linux-latest/al2023"),
        ("ssm:PutParameter", "arn:aws:ssm:eu-west-1:111122223333:parameter/own/aws"),
        ("events:PutRule", "arn:aws:events:eu-west-1:111122223333:event-bus/default"),
        ("rds:DeleteDBParameterGroup", "arn:aws:rds:eu-west-1:111122223333:pg:defaults"),
    ],
)
def test_a_request_that_a_policy_can_allow(action: str, resource: str) -> None:
    assert refused(action, resource) is None


def test_simulate_says_that_no_policy_can_allow_it(tmp_path: Path) -> None:
    policy = tmp_path / "policy.json"
    policy.write_text('{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}')
    asked = run(
        "--policy", str(policy), "--action", "iam:DeletePolicy", "--resource", "arn:aws:iam::aws:policy/ReadOnlyAccess",
        cwd=tmp_path, command="simulate",
    )  # fmt: skip
    assert asked.returncode == 1
    assert "refused by AWS: iam:DeletePolicy" in asked.stdout
    assert "no policy can allow it: only AWS changes AWS managed policies" in asked.stdout
