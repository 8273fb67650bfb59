"""What samconfig.toml and --s3-bucket say of the bucket, the repositories and the role of a deployment by SAM."""

from __future__ import annotations

from pathlib import Path

from command_line import run
from scopedown.catalog.load import catalog
from scopedown.deploy.commands import commands_of
from scopedown.deploy.plan import Split, split_plan
from scopedown.project.load import Options, load_project

ACCOUNT = "123456789012"
IMAGE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Metadata: {Dockerfile: Dockerfile, DockerContext: ./app}
    Properties: {PackageType: Image}
"""
TOPIC = "Transform: AWS::Serverless-2016-10-31\nResources: {T: {Type: AWS::SNS::Topic}}\n"


def planned(folder: Path, template: str, config: str = "") -> Split:
    (folder / "template.yaml").write_text(template)
    (folder / "samconfig.toml").write_text(f"[default.deploy.parameters]\nstack_name = 'Shop-A'\n{config}")
    return split_plan(load_project(folder, Options(account=ACCOUNT)), catalog(), "sam", commands_of("sam"))


def granted(found: Split, action: str) -> set[str]:
    return {arn for one in found.user.permissions if one.action == action for arn in one.resources}


def test_the_managed_bucket_is_made_where_none_is_named(tmp_path: Path) -> None:
    found = planned(tmp_path, TOPIC)
    assert granted(found, "s3:PutObject") == {"arn:aws:s3:::aws-sam-cli-managed-default-samclisourcebucket-*/*"}
    assert granted(found, "s3:CreateBucket")


def test_a_bucket_of_the_users_is_only_written_to(tmp_path: Path) -> None:
    found = planned(tmp_path, TOPIC, "s3_bucket = 'artifacts'\n")
    assert granted(found, "s3:PutObject") == {"arn:aws:s3:::artifacts/*"}
    assert not granted(found, "s3:CreateBucket")


def test_sam_makes_repositories_for_images_that_it_builds(tmp_path: Path) -> None:
    found = planned(tmp_path, IMAGE)
    own = f"arn:aws:ecr:us-east-1:{ACCOUNT}:repository/shopa????????/*repo"
    assert own in granted(found, "ecr:PutImage") and own in granted(found, "ecr:CreateRepository")
    stack = f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/Shop-A-????????-CompanionStack/*"
    assert stack in granted(found, "cloudformation:ExecuteChangeSet")


def test_images_go_into_the_repositories_that_the_file_names(tmp_path: Path) -> None:
    uri = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/shop"
    found = planned(tmp_path, IMAGE, f"image_repositories = ['F={uri}']\n")
    assert granted(found, "ecr:PutImage") == {f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/shop"}
    assert not granted(found, "ecr:CreateRepository")


def test_cloudformation_acts_with_the_role_that_the_file_names(tmp_path: Path) -> None:
    found = planned(tmp_path, TOPIC, f"role_arn = 'arn:aws:iam::{ACCOUNT}:role/cfn'\n")
    assert found.role_arn == f"arn:aws:iam::{ACCOUNT}:role/cfn"
    assert granted(found, "iam:PassRole") == {found.role_arn}


def test_the_option_names_the_bucket(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TOPIC)
    done = run("--s3-bucket", "mine-1", "--account", ACCOUNT, command="deploy-policy", cwd=tmp_path)
    assert done.returncode == 0 and "arn:aws:s3:::mine-1/*" in done.stdout
    wrong = run("--s3-bucket", "No/Bucket", command="deploy-policy", cwd=tmp_path)
    assert wrong.returncode == 2 and "is not the name of a bucket" in wrong.stderr


NESTING = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Storage: {Type: AWS::Serverless::Application, Properties: {Location: ./storage.yaml}}
  T: {Type: AWS::SNS::Topic}
"""


def test_sam_tags_what_is_in_a_nested_application_and_reads_it_before_it_deletes(tmp_path: Path) -> None:
    (tmp_path / "storage.yaml").write_text("Resources: {Q: {Type: AWS::SQS::Queue}}\n")
    found = planned(tmp_path, NESTING)
    tagging = {one.action for one in found.role.permissions if "Tag" in one.action and "List" not in one.action}
    assert tagging == {"sqs:TagQueue"}  # SAM's tag does not change, and the topic outside gets none
    stacks = f"arn:aws:cloudformation:us-east-1:{ACCOUNT}:stack/Shop-A"
    assert granted(found, "cloudformation:DescribeStackResource") == {f"{stacks}/*", f"{stacks}-*/*"}
    assert f"{stacks}-*/*" in granted(found, "cloudformation:GetTemplate")
    assert not granted(planned(tmp_path, TOPIC), "cloudformation:DescribeStackResource")
