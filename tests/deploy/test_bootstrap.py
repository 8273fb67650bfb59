"""The users who run cdk bootstrap and sam pipeline bootstrap, and apps with roles of their own bootstrapping."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scopedown.catalog.load import catalog
from scopedown.core.finding import ScopedownError
from scopedown.deploy.bootstrap import bootstrap_project, bootstraps, roles_made
from scopedown.deploy.commands import commands_of
from scopedown.deploy.model import Plan
from scopedown.deploy.plan import split_plan, whole
from scopedown.project.load import Options, load_project

ACCOUNT = "123456789012"
OPTIONS = Options(account=ACCOUNT, stage="dev")


def planned(name: str, **params: str) -> Plan:
    row = bootstraps()[name]
    project = bootstrap_project(row, Options(account=ACCOUNT, stage="dev", params=params))
    parts = split_plan(project, catalog(), row.framework, commands_of(row.framework), stack_name=project.service)
    return whole(parts)


def granted(found: Plan, action: str) -> set[str]:
    return {arn for one in found.permissions if one.action == action for arn in one.resources}


def test_who_bootstraps_cdk_makes_its_roles_bucket_repository_and_version() -> None:
    found = planned("cdk")
    roles = {"deploy-role", "cfn-exec-role", "file-publishing-role", "image-publishing-role", "lookup-role"}
    assert granted(found, "iam:CreateRole") == {
        f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-{role}-{ACCOUNT}-us-east-1" for role in roles
    }
    assert granted(found, "s3:CreateBucket") == {f"arn:aws:s3:::cdk-hnb659fds-assets-{ACCOUNT}-us-east-1"}
    assert granted(found, "ssm:PutParameter") == {
        f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/cdk-bootstrap/hnb659fds/version"
    }
    assert granted(found, "kms:CreateKey") == set()
    assert not found.unresolved


def test_parameters_of_the_bootstrapping_count() -> None:
    found = planned("cdk", Qualifier="acme", FileAssetsBucketKmsKeyId="")
    assert granted(found, "s3:CreateBucket") == {f"arn:aws:s3:::cdk-acme-assets-{ACCOUNT}-us-east-1"}
    assert granted(found, "kms:CreateKey") == {"*"}


def test_a_misspelt_parameter_of_the_bootstrapping_is_refused() -> None:
    with pytest.raises(ScopedownError, match="cdk bootstrap has no parameter Qualifer"):
        planned("cdk", Qualifer="acme")


def test_execution_policies_limit_what_may_be_attached() -> None:
    found = planned("cdk", CloudFormationExecutionPolicies="arn:aws:iam::123456789012:policy/narrow")
    conditions = [
        one.conditions
        for one in found.permissions
        if one.action == "iam:AttachRolePolicy" and any("cfn-exec" in arn for arn in one.resources)
    ]
    assert "narrow" in str(conditions) and "AdministratorAccess" not in str(conditions)


def test_who_bootstraps_a_pipeline_of_sam_makes_a_user_only_without_a_provider() -> None:
    assert granted(planned("sam-pipeline"), "iam:CreateUser")
    with_provider = planned("sam-pipeline", UseOidcProvider="true", CreateNewOidcProvider="true")
    assert not granted(with_provider, "iam:CreateUser")
    assert granted(with_provider, "iam:CreateOpenIDConnectProvider")
    assert granted(with_provider, "cloudformation:CreateChangeSet") == {
        f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/aws-sam-cli-managed-dev-pipeline-resources/*",
        "arn:aws:cloudformation:us-east-1:aws:transform/Serverless-2016-10-31",
    }


@pytest.mark.parametrize("name", ["cdk", "sam-pipeline"])
def test_what_the_roles_may_do_is_told_of_each(name: str) -> None:
    project = bootstrap_project(bootstraps()[name], OPTIONS)
    told = {row.id for _, row in roles_made(bootstraps()[name], project, catalog())}
    types = ("AWS::IAM::Role", "AWS::IAM::User")
    assert told == {id for id, resource in project.resources.items() if resource.type in types}


def app(folder: Path, properties: dict[str, Any]) -> Plan:
    output = folder / "cdk.out"
    output.mkdir()
    stack = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json", **properties}}
    assets = {"type": "cdk:asset-manifest", "properties": {"file": "Shop.assets.json"}}
    stack["dependencies"] = ["Shop.assets"]
    destination = {"bucketName": "acme-assets", "objectKey": "x", "assumeRoleArn": properties.get("publish")}
    files = {"a" * 64: {"source": {"path": "x"}, "destinations": {"here": destination}}}
    (folder / "cdk.json").write_text("{}")
    (output / "manifest.json").write_text(json.dumps({"artifacts": {"Shop": stack, "Shop.assets": assets}}))
    (output / "Shop.assets.json").write_text(json.dumps({"files": files}))
    (output / "Shop.template.json").write_text(json.dumps({"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}))
    project = load_project(folder, OPTIONS)
    return split_plan(project, catalog(), "cdk", commands_of("cdk")).user


def test_an_app_assumes_the_roles_that_its_assembly_names(tmp_path: Path) -> None:
    role = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/acme-deploy"
    found = app(tmp_path, {"assumeRoleArn": role, "publish": "arn:aws:iam::123456789012:role/acme-publish"})
    assert granted(found, "sts:AssumeRole") == {
        f"arn:aws:iam::{ACCOUNT}:role/acme-deploy", f"arn:aws:iam::{ACCOUNT}:role/acme-publish",
    }  # fmt: skip
    assert not granted(found, "cloudformation:CreateChangeSet")


def test_an_app_without_roles_is_deployed_by_the_caller(tmp_path: Path) -> None:
    found = app(tmp_path, {})
    assert not granted(found, "sts:AssumeRole")
    assert granted(found, "cloudformation:CreateChangeSet") == {
        f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/Shop/*"
    }
    assert granted(found, "s3:PutObject") == {"arn:aws:s3:::acme-assets/*"}


@pytest.mark.parametrize(
    ("name", "text"), [("main.tf", ""), ("serverless.yml", "service: shop\nprovider: {name: aws}\n")]
)
def test_only_a_template_takes_the_place_of_the_tools_own(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ScopedownError, match="is not a template for cdk bootstrap"):
        bootstrap_project(bootstraps()["cdk"], OPTIONS, tmp_path / name)
