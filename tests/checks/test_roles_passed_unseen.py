"""A role that code may pass where no call of an SDK's says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from project_problems import IDLE, rules_of

SERVICE = """\
service: s
provider:
  name: aws
  runtime: python3.12
  environment: {TABLE: ENV}
  iam: {role: {statements: [{Effect: Allow, Action: 'iam:PassRole', Resource: 'arn:aws:iam::*:role/model'}]}}
functions: {f: {handler: app.f}}
resources:
  Resources:
    Model:
      Type: AWS::IAM::Role
      Properties: {AssumeRolePolicyDocument: {}}
"""
REQUEST = """\
import boto3
from opensearchpy import OpenSearch, RequestsHttpConnection, AWSV4SignerAuth
def f(event, context):
    auth = AWSV4SignerAuth(boto3.Session().get_credentials(), "us-east-1", "SERVICE")
    client = OpenSearch(hosts=[{"host": event["host"], "port": 443}], http_auth=auth)
    client.transport.perform_request("POST", "/_plugins/_ml/connectors/_create", body=event)
"""


def unused(folder: Path, environment: str, code: str) -> bool:
    return "SD201" in rules_of(folder, SERVICE.replace("ENV", environment), code)


@pytest.mark.parametrize("service", ["es", "aoss"])
def test_a_request_to_opensearch_may_pass_a_role(tmp_path: Path, service: str) -> None:
    assert not unused(tmp_path, "x", REQUEST.replace("SERVICE", service))


@pytest.mark.parametrize(
    "environment", ["{'Fn::GetAtt': [Model, Arn]}", "{Ref: Model}", "'arn:aws:iam::123456789012:role/model'"]
)
def test_a_role_that_the_code_is_told_of_may_be_passed(tmp_path: Path, environment: str) -> None:
    assert not unused(tmp_path, environment, IDLE)


def test_otherwise_nobody_passes_a_role(tmp_path: Path) -> None:
    assert unused(tmp_path, "x", IDLE)
