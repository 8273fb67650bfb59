"""Policies of a template's resources, in every form that grants something, are seen by a comparison of two states."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scopedown.catalog.load import catalog
from scopedown.compare.access.ask import NotGranted, compared, granted
from scopedown.compare.access.held import policies_in
from scopedown.compare.access.model import Change
from scopedown.compare.access.pairs import paired
from scopedown.compare.access.states import subjects_of
from scopedown.core.place import Place
from scopedown.project.intrinsics import Scope
from scopedown.project.load import load_project
from scopedown.project.model import DeclaredResource
from scopedown.project.options import Options

NAMES = ("s3:GetObject", "sqs:SendMessage", "iam:CreateUser", "events:PutEvents", "lambda:GetLayerVersion")
ALLOW: dict[str, Any] = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
OPEN: dict[str, Any] = {**ALLOW, "Principal": "*"}
DENY: dict[str, Any] = {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
LAYER = "arn:aws:lambda:eu-west-1:111122223333:layer:l:1"
ROLE = "arn:aws:iam::111122223333:role/r"


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [*statements]}


def subjects(folder: Path, type: str, properties: dict[str, Any]) -> list[Any]:
    folder.mkdir()
    resources = {"Topic": {"Type": "AWS::SNS::Topic"}, "Held": {"Type": type, "Properties": properties}}
    template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}
    (folder / "template.json").write_text(json.dumps(template))
    return subjects_of(load_project(folder, Options()), catalog())


def changes(tmp_path: Path, type: str, old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    before, after = subjects(tmp_path / "old", type, old), subjects(tmp_path / "new", type, new)
    return [compared(one, other, NAMES) for one, other in paired(before, after)]


@pytest.mark.parametrize(
    ("type", "properties"),
    [
        ("AWS::IAM::RolePolicy", {"RoleName": "else", "PolicyDocument": document(ALLOW)}),
        ("AWS::IAM::UserPolicy", {"PolicyDocument": document(ALLOW)}),
        ("AWS::IoT::Policy", {"PolicyDocument": document(ALLOW)}),
        ("AWS::SSO::PermissionSet", {"InlinePolicy": document(ALLOW)}),
        ("AWS::SSO::PermissionSet", {"InlinePolicy": json.dumps(document(ALLOW))}),
        ("AWS::SSO::PermissionSet", {"ManagedPolicies": [ADMIN]}),
        ("AWS::IAM::User", {"ManagedPolicyArns": [ADMIN]}),
        ("AWS::Logs::ResourcePolicy", {"PolicyDocument": json.dumps(document(OPEN))}),
        ("AWS::SecretsManager::ResourcePolicy", {"ResourcePolicy": json.dumps(document(OPEN))}),
        ("AWS::S3::AccessPoint", {"Policy": {"Fn::Sub": json.dumps(document({**OPEN, "Resource": "${Topic}"}))}}),
        ("AWS::Events::EventBusPolicy", {"Action": "events:PutEvents", "Principal": "*", "StatementId": "s"}),
        ("AWS::Lambda::LayerVersionPermission", {"Action": "lambda:*", "LayerVersionArn": LAYER, "Principal": "*"}),
        ("AWS::Cognito::IdentityPoolRoleAttachment", {"Roles": {"unauthenticated": ROLE}}),
    ],
)  # fmt: skip
def test_a_policy_that_is_added_is_new_access(tmp_path: Path, type: str, properties: dict[str, Any]):
    assert [one.found.answer for one in changes(tmp_path, type, {}, properties)] == ["new access"]


def test_a_policy_that_does_not_change_is_not_new(tmp_path: Path):
    held = {"ResourcePolicy": {"Fn::Sub": json.dumps(document({**OPEN, "Resource": "${Topic}"}))}}
    (same,) = changes(tmp_path, "AWS::SecretsManager::ResourcePolicy", held, held)
    assert same.is_equal


def test_a_text_that_only_the_deployment_makes_a_policy_is_not_decided(tmp_path: Path):
    cut = json.dumps(document(OPEN)).replace("[", "[${Topic}, ")
    (change,) = changes(tmp_path, "AWS::SecretsManager::ResourcePolicy", {}, {"ResourcePolicy": {"Fn::Sub": cut}})
    assert change.fails and change.answer == "not decided"


def test_the_text_of_anything_else_is_no_policy(tmp_path: Path):
    rule = {"Rules": [{"Statement": {"GeoMatchStatement": {}}}], "Text": 'a "Statement" with an "Effect"'}
    assert changes(tmp_path, "AWS::WAFv2::WebACL", {}, rule) == []


def test_a_deny_of_an_scp_that_goes_is_new_access_and_an_scp_grants_nothing(tmp_path: Path):
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    old, new = ({"Type": "SERVICE_CONTROL_POLICY", "Content": document(everything, *more)} for more in ((DENY,), ()))
    (change,) = changes(tmp_path, "AWS::Organizations::Policy", old, new)
    assert change.found.answer == "new access"
    scp = subjects(tmp_path / "scp", "AWS::Organizations::Policy", new)
    assert not granted(scp, [NotGranted.read("iam:*")], NAMES).failed


def test_an_endpoint_whose_policy_goes_allows_everything(tmp_path: Path):
    (change,) = changes(tmp_path, "AWS::EC2::VPCEndpoint", {"PolicyDocument": document(OPEN)}, {})
    assert change.found.answer == "new access"


TERRAFORM = """
resource "aws_sqs_queue" "q" {
  name   = "q"
  policy = jsonencode({ Version = "2012-10-17", Statement = [OPEN] })
}
resource "aws_iam_user_policy" "u" {
  user   = "u"
  policy = jsonencode({ Version = "2012-10-17", Statement = [MORE] })
}
resource "aws_vpc_endpoint" "e" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy       = data.aws_iam_policy_document.d.json
}
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
"""


def test_policies_of_terraform_s_resources_are_compared(tmp_path: Path):
    closed = {**ALLOW, "Effect": "Deny"}
    states = []
    for name, own, of_queue in (("old", closed, {**OPEN, "Effect": "Deny"}), ("new", ALLOW, OPEN)):
        (tmp_path / name).mkdir()
        text = TERRAFORM.replace("OPEN", json.dumps(of_queue)).replace("MORE", json.dumps(own))
        (tmp_path / name / "main.tf").write_text(text)
        states.append(subjects_of(load_project(tmp_path / name, Options()), catalog()))
    found = {str(new and new.name): compared(old, new, NAMES) for old, new in paired(*states)}
    assert {name for name, change in found.items() if change.fails} == {
        "aws_iam_user_policy.u",
        "aws_sqs_queue.q, Policy",
    }
    assert len(found) == 3


@pytest.mark.parametrize("action", ["\ue00099\ue001", "\ue0000\ue001"])
def test_a_text_with_the_placeholder_of_an_unknown_part_is_not_known(action: str) -> None:
    text = json.dumps({"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})
    held = dict(policies_in(DeclaredResource("Q", "AWS::SQS::Queue", {"P": text}, Place("template.yaml")), Scope()))
    assert held["P"]["Statement"][0].keys() == {"Effect", "Statement"}


def test_a_key_that_only_the_deployment_knows_makes_a_policy_unknown() -> None:
    statement = '{"Effect": "Allow", "Action": "s3:*", "Condition": {"StringEquals": {"${A}:sub": "x"}}}'
    text = {"Fn::Sub": f'{{"Statement": [{statement}]}}'}
    held = dict(policies_in(DeclaredResource("Q", "AWS::SQS::Queue", {"P": text}, Place("template.yaml")), Scope()))
    assert held["P"]["Statement"][0].keys() == {"Effect", "Statement"}
