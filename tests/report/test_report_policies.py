"""The policy of a function as it is pasted: in the project's own YAML, and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from scopedown.catalog.load import catalog
from scopedown.project.load import Options, load_project
from scopedown.report.collect import project_part
from scopedown.report.model import Policy, ProjectPart
from scopedown.scan import scan

CODE = """\
import boto3
def f(event, context):
    boto3.client("sqs").send_message(QueueUrl="https://sqs.eu-west-1.amazonaws.com/1/jobs", MessageBody="")
"""
HEAD = "service: s\nprovider: {name: aws, runtime: python3.12}\nfunctions: {f: {handler: app.f}}\n"
SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ., Handler: app.f, Runtime: python3.12}
"""
TEMPLATE = """\
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  F:
    Type: AWS::Lambda::Function
    Properties: {Code: ., Handler: app.f, Runtime: python3.12, Role: !GetAtt Role.Arn}
"""


def part(folder: Path, text: str, name: str = "serverless.yml") -> ProjectPart:
    (folder / "app.py").write_text(CODE)
    (folder / name).write_text(text)
    return project_part(scan(load_project(folder, Options()), catalog()), catalog())


def forms(folder: Path, text: str, name: str = "serverless.yml") -> dict[str, Policy]:
    return {one.form: one for one in part(folder, text, name).functions[0].policies}


def actions(statements: list[dict[str, list[str]]]) -> set[str]:
    return {action for one in statements for action in one["Action"]}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (HEAD, ("iam", "role", "statements")),
        (f"frameworkVersion: '4'\n{HEAD}", ("iam", "role", "statements")),
        (HEAD.replace("python3.12", "python3.12, iamRoleStatements: []"), ("iamRoleStatements",)),
        (f"plugins: [serverless-iam-roles-per-function]\n{HEAD}", ("iamRoleStatements",)),
    ],
    ids=["provider", "function", "old provider", "plugin"],
)
def test_serverless_yaml_has_the_keys_of_the_dialect(tmp_path: Path, text: str, keys: tuple[str, ...]) -> None:
    found = forms(tmp_path, text)
    tree = yaml.load(found["YAML"].text.replace("!Sub ", ""), yaml.SafeLoader)
    for key in keys:
        tree = tree[key]
    assert "sqs:SendMessage" in actions(tree)
    assert actions(json.loads(found["JSON"].text)["Statement"]) == actions(tree)


def test_the_sentence_names_the_function_only_where_the_role_is_its_own(tmp_path: Path) -> None:
    assert "function f" in forms(tmp_path, f"frameworkVersion: '4'\n{HEAD}")["YAML"].where
    assert "scopedown write" in forms(tmp_path, HEAD)["YAML"].where


def test_a_sam_function_gets_policies_and_a_declared_role_a_policy_document(tmp_path: Path) -> None:
    pytest.importorskip("samtranslator")
    assert forms(tmp_path, SAM, "template.yaml")["YAML"].text.startswith("Policies:\n  - Version: '2012-10-17'\n")


def test_a_declared_role_gets_a_policy_document(tmp_path: Path) -> None:
    found = forms(tmp_path, TEMPLATE, "template.yaml")["YAML"]
    assert found.text.startswith("PolicyDocument:\n  Version: '2012-10-17'\n") and "role Role" in found.where


def test_a_service_that_is_a_variable_without_a_value_is_not_the_title(tmp_path: Path) -> None:
    found = part(tmp_path, HEAD.replace("service: s", "service: ${file(absent.yml):name}"))
    assert found.title == "serverless.yml"
    assert ("service", "${file(absent.yml):name} (not resolved)") in found.facts
