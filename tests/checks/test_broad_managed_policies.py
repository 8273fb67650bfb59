"""A managed policy that allows all of a service is told where the functions need little of it, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from project_problems import problems_of

SERVERLESS = """\
service: s
provider:
  name: aws
  runtime: python3.12
  tracing: {lambda: true}
  vpc: {securityGroupIds: [a], subnetIds: [b]}
  iam: {role: {managedPolicies: ['arn:aws:iam::aws:policy/POLICY']}}
functions: {f: {handler: app.f}}
"""
SAM = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.f, Runtime: python3.12, CodeUri: ., Tracing: Active, Policies: [POLICY]}
"""
PUTS = 'import boto3\ndef f(event, context):\n    boto3.client("dynamodb").put_item(TableName="a", Item=event)\n'


def told(
    folder: Path, policy: str, code: str = PUTS, name: str = "serverless.yml", text: str = SERVERLESS
) -> list[str]:
    found = problems_of(folder, text.replace("POLICY", policy), code, name)
    return [problem.message for problem in found if problem.rule == "SD209"]


def test_full_access_for_one_call_is_told_with_what_is_needed(tmp_path: Path) -> None:
    (message,) = told(tmp_path, "AmazonDynamoDBFullAccess")
    assert message.startswith("AmazonDynamoDBFullAccess allows ")
    assert message.endswith(" on every resource; needed are dynamodb:PutItem, ec2:DescribeSubnets")


def test_a_policy_of_sam_is_told_by_its_name(tmp_path: Path) -> None:
    (message,) = told(tmp_path, "AmazonS3FullAccess", name="template.yaml", text=SAM)
    assert message.endswith("no function of this role was found to need one")


@pytest.mark.parametrize(
    "policy",
    ["AmazonS3ReadOnlyAccess", "service-role/AWSLambdaRole", "AWSLambdaExecute", "AWSXRayDaemonWriteAccess", "Unheard"],
)
def test_policies_made_for_functions_or_of_a_part_of_a_service_are_not(tmp_path: Path, policy: str) -> None:
    assert told(tmp_path, policy) == []


def test_administrators_are_told_by_their_own_rule(tmp_path: Path) -> None:
    assert told(tmp_path, "AdministratorAccess") == []


def test_nothing_is_told_where_a_call_is_possible_or_code_was_not_read(tmp_path: Path) -> None:
    possible = f'{PUTS}    event["db"].update_item(TableName="a", Key=event)\n'
    assert told(tmp_path, "AmazonDynamoDBFullAccess", possible) == []
    elsewhere = SERVERLESS.replace("app.f", "other.f")
    assert told(tmp_path, "AmazonDynamoDBFullAccess", text=elsewhere) == []
