"""What only another deployment has is compared too."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.compare.access.ask import compared
from scopedown.compare.access.model import Change
from scopedown.compare.access.pairs import paired, reported, with_other_deployments
from scopedown.project.load import Options, load_project

TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters: {Stage: {Type: String, Default: dev}}
Conditions: {Prod: !Equals [!Ref Stage, prod]}
Resources:
  Files: {Type: AWS::S3::Bucket}
  Runner:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
"""
CONDITIONAL_ROLE_POLICY = """
      Policies:
        - Fn::If:
          - Prod
          - {PolicyName: all, PolicyDocument: {Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}}
          - !Ref AWS::NoValue
"""
BUCKET_POLICY = """
  Open:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Files
      PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "s3:*", Resource: "*"}]}
"""
CONDITIONAL_BUCKET_POLICY = BUCKET_POLICY.replace("    Properties", "    Condition: Prod\n    Properties")
TERRAFORM = """
variable "prod" { default = false }
resource "aws_s3_bucket" "b" { bucket = "b" }
"""
COUNTED_BUCKET_POLICY = """
resource "aws_s3_bucket_policy" "open" {
  count  = var.prod ? 1 : 0
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({Statement = [{Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "*"}]})
}
"""


def failing(folder: Path, old: str, new: str, name: str = "template.yml") -> list[Change]:
    """What a comparison of two states of a project reports."""
    states = []
    for state, text in (("old", old), ("new", new)):
        (folder / state).mkdir()
        (folder / state / name).write_text(text)
        states.append(with_other_deployments(load_project(folder / state, Options()), Options(), catalog()))
    names = catalog().action_names()
    changes = reported((pair, compared(*pair, names)) for pair in paired(*states))
    return [change for _, change in changes if change.fails]


@pytest.mark.parametrize("added", [CONDITIONAL_ROLE_POLICY, CONDITIONAL_BUCKET_POLICY])
def test_what_a_false_condition_leaves_out_is_compared(added: str, tmp_path: Path) -> None:
    (change,) = failing(tmp_path, TEMPLATE, TEMPLATE + added)
    assert change.name.endswith(", in another deployment")


def test_what_a_count_leaves_out_is_compared(tmp_path: Path) -> None:
    (change,) = failing(tmp_path, TERRAFORM, TERRAFORM + COUNTED_BUCKET_POLICY, "main.tf")
    assert change.name.endswith(", in another deployment")


def test_what_this_deployment_shows_is_reported_once(tmp_path: Path) -> None:
    (change,) = failing(tmp_path, TEMPLATE, TEMPLATE + BUCKET_POLICY)
    assert not change.name.endswith(", in another deployment")


def test_a_policy_that_was_conditional_and_stays_is_no_change(tmp_path: Path) -> None:
    state = TEMPLATE + CONDITIONAL_ROLE_POLICY + CONDITIONAL_BUCKET_POLICY
    assert failing(tmp_path, state, state + "Outputs: {}\n") == []


def test_a_condition_that_goes_is_new_access(tmp_path: Path) -> None:
    (change,) = failing(tmp_path, TEMPLATE + CONDITIONAL_BUCKET_POLICY, TEMPLATE + BUCKET_POLICY)
    assert not change.name.endswith(", in another deployment")
