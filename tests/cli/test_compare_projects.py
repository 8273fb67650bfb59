"""``scopedown compare`` on two states of a project."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from command_line import run

SERVICE = """
service: shop
frameworkVersion: "4"
provider:
  name: aws
  runtime: python3.12
  region: eu-west-1
functions:
  orders:
    handler: orders.handler
    role: OrdersRole
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties: {TableName: Orders}
    Jobs:
      Type: AWS::SQS::Queue
    ROLE_ID:
      Type: AWS::IAM::Role
      Properties:
        RoleName: orders-role
        AssumeRolePolicyDocument:
          Statement:
            - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
        Policies:
          - PolicyName: own
            PolicyDocument:
              Statement:
                - Effect: Allow
                  Action: ACTIONS
                  Resource: RESOURCE
"""


def service(actions: str = "[dynamodb:GetItem]", resource: str = "!GetAtt Orders.Arn", role: str = "OrdersRole") -> str:
    text = SERVICE.replace("ACTIONS", actions).replace("RESOURCE", resource)
    return text.replace("OrdersRole", role).replace("ROLE_ID", role)


def project(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "serverless.yml").write_text(text)
    (folder / "orders.py").write_text("def handler(event, context):\n    return None\n")
    return folder


def compare(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(*arguments, cwd=cwd, command="compare")


def states(tmp_path: Path, old: str, new: str, *options: str) -> subprocess.CompletedProcess[str]:
    project(tmp_path / "old", old)
    project(tmp_path / "new", new)
    return compare(tmp_path, "old", "new", *options)


def test_a_role_that_may_do_more_is_named_with_the_action_and_the_resource(tmp_path: Path):
    done = states(tmp_path, service(), service("[dynamodb:GetItem, dynamodb:DeleteItem]"), "--format", "markdown")
    assert done.returncode == 1
    assert "- **orders-role (orders)**: + dynamodb:DeleteItem on table/Orders" in done.stdout


@pytest.mark.parametrize(
    "resource",
    [
        "!Sub 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}'",
        "!Sub 'arn:${AWS::Partition}:dynamodb:eu-west-1:${AWS::AccountId}:table/Orders'",
    ],
)
def test_two_ways_to_write_a_resource_are_one(tmp_path: Path, resource: str):
    assert states(tmp_path, service(), service(resource=resource), "--equivalent").returncode == 0


def test_a_resource_without_a_name_is_the_same_in_both_states(tmp_path: Path):
    old = service("[sqs:SendMessage]", "!GetAtt Jobs.Arn")
    assert states(tmp_path, old, old.replace("sqs:SendMessage", "SQS:sendmessage")).returncode == 0
    done = states(tmp_path, service(), old)
    assert "sqs:SendMessage on sqs ${Jobs}" in done.stdout


def test_a_role_with_another_id_is_found_by_its_function(tmp_path: Path):
    done = states(tmp_path, service(), service("[dynamodb:*]", role="ShopRole"))
    assert "orders-role (orders), before orders-role (orders) (serverless.yml:19:5): 1 thing is new" in done.stdout
    assert states(tmp_path, service(), service(role="ShopRole")).returncode == 0


def test_a_trust_policy_that_lets_others_in_is_new_access(tmp_path: Path):
    open_ = service().replace("{Service: lambda.amazonaws.com}", '{AWS: "222233334444"}')
    done = states(tmp_path, service(), open_)
    assert done.returncode == 1 and "trust policy of orders-role" in done.stdout


def test_a_policy_of_a_resource_is_compared(tmp_path: Path):
    queue = """    Open:
      Type: AWS::SQS::QueuePolicy
      Properties:
        Queues: [!Ref Jobs]
        PolicyDocument:
          Statement: [{Effect: Allow, Principal: "*", Action: sqs:SendMessage, Resource: !GetAtt Jobs.Arn}]
"""
    done = states(tmp_path, service(), service() + queue)
    assert done.returncode == 1 and "Open (serverless.yml:" in done.stdout
    assert compare(tmp_path / "new", "--no-public").returncode == 1
    assert compare(tmp_path / "old", "--no-public").returncode == 0


def test_a_statement_that_the_deployment_decides_counts_as_new_where_it_was_not_there(tmp_path: Path):
    unknown = service(resource="!ImportValue Shared").replace("Effect: Allow\n", "Effect: !ImportValue Effect\n")
    done = states(tmp_path, service(), unknown)
    assert done.returncode == 1 and "not decided" in done.stdout
    assert states(tmp_path, unknown, unknown).returncode == 0


def test_a_statement_that_may_have_been_a_deny_and_goes_is_not_decided(tmp_path: Path):
    own = "              Statement:\n"
    more = '                - {Effect: !ImportValue Effect, Action: "dynamodb:*", Resource: "*"}\n'
    done = states(tmp_path, service().replace(own, own + more), service())
    assert done.returncode == 1 and "before: Effect is decided at the deployment" in done.stdout
    allowing = more.replace("!ImportValue Effect", "Allow").replace('"dynamodb:*"', "!ImportValue Actions")
    assert states(tmp_path, service().replace(own, own + allowing), service()).returncode == 0


def test_a_managed_policy_that_is_added_is_told_by_what_it_allows(tmp_path: Path):
    new = service().replace(
        "        Policies:",
        "        ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess]\n        Policies:",
    )
    done = states(tmp_path, service(), new)
    assert done.returncode == 1 and "AmazonSQSReadOnlyAccess" in done.stdout


def test_a_boundary_that_goes_is_new_access(tmp_path: Path):
    limited = service().replace(
        "        RoleName: orders-role",
        "        RoleName: orders-role\n        PermissionsBoundary: !ImportValue Limit",
    )
    assert states(tmp_path, limited, limited).returncode == 0
    assert states(tmp_path, service(), limited).returncode == 0
    assert states(tmp_path, limited, service()).returncode == 1


ELSEWHERE = """    Uploads:
      Type: AWS::S3::Bucket
    Open:
      Type: AWS::S3::BucketPolicy
      Properties:
        Bucket: !Ref Uploads
        PolicyDocument:
          Statement:
            - Effect: Deny
              Principal: "*"
              Action: s3:*
              Resource: "*"
              Condition: {Bool: {aws:SecureTransport: false}}
"""


def test_a_deny_of_a_role_that_goes_is_new_access_where_a_policy_of_a_resource_may_grant(tmp_path: Path):
    def denying(action: str) -> str:
        own = "              Statement:\n"
        return service().replace(own, f'{own}                - {{Effect: Deny, Action: {action}, Resource: "*"}}\n')

    done = states(tmp_path, denying("s3:DeleteObject"), service())
    assert done.returncode == 1 and "where a resource's policy grants it" in done.stdout
    assert states(tmp_path, service(), denying("s3:DeleteObject")).returncode == 0
    assert states(tmp_path, denying("ec2:RunInstances"), service()).returncode == 0  # no policy of a resource grants it


BUCKET = ELSEWHERE[: ELSEWHERE.index("    Open:")]


@pytest.mark.parametrize("new", [ELSEWHERE.replace("Deny", "Allow").replace('"*"', "'123456789012'", 1), BUCKET])
def test_a_deny_of_a_policy_of_a_resource_that_goes_is_new_access(tmp_path: Path, new: str):
    done = states(tmp_path, service() + ELSEWHERE, service() + new)
    assert done.returncode == 1 and "where an identity policy grants it" in done.stdout
    assert states(tmp_path, service(), service() + ELSEWHERE).returncode == 0


def test_a_deny_that_goes_with_its_bucket_is_no_new_access_unless_the_bucket_is_retained(tmp_path: Path):
    assert states(tmp_path, service() + ELSEWHERE, service()).returncode == 0
    kept = ELSEWHERE.replace("Type: AWS::S3::Bucket\n", "Type: AWS::S3::Bucket\n      DeletionPolicy: Retain\n", 1)
    assert states(tmp_path, service() + kept, service()).returncode == 1


def test_an_unknown_statement_that_moves_is_not_new_and_another_one_in_its_place_is(tmp_path: Path):
    own = "              Statement:\n"
    more = '                - {Effect: !ImportValue Effect, Action: "dynamodb:GetItem", Resource: "*"}\n'
    old = service().replace(own, own + more)
    assert states(tmp_path, old, "\n" + old).returncode == 0
    assert states(tmp_path, old, old.replace("dynamodb:GetItem", "dynamodb:*")).returncode == 1


USER = """    Ann:
      Type: AWS::IAM::User
      Properties: {UserName: ann}
    Admins:
      Type: AWS::IAM::Group
      Properties:
        GroupName: admins
        Policies: [{PolicyName: all, PolicyDocument: {Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}}]
    Uploads:
      Type: AWS::S3::Bucket
      Properties:
        PublicAccessBlockConfiguration: {BlockPublicPolicy: true}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("UserName: ann", "UserName: ann, Groups: [!Ref Admins]"),
        (
            "    Uploads:",
            "    Key:\n      Type: AWS::IAM::AccessKey\n      Properties: {UserName: !Ref Ann}\n    Uploads:",
        ),
        ("BlockPublicPolicy: true", "BlockPublicPolicy: false"),
        ("{BlockPublicPolicy: true}", "{BlockPublicPolicy: true}\n        AccessControl: PublicRead"),
    ],
)
def test_access_by_other_means_than_policies_is_not_decided(tmp_path: Path, old: str, new: str):
    done = states(tmp_path, service() + USER, service() + USER.replace(old, new))
    assert done.returncode == 1 and "not decided" in done.stdout
    assert states(tmp_path, service() + USER.replace(old, new), service() + USER.replace(old, new)).returncode == 0


def test_a_policy_that_cannot_be_read_is_not_decided(tmp_path: Path):
    queue = """    Open:
      Type: AWS::SQS::QueuePolicy
      Properties: {Queues: [!Ref Jobs], PolicyDocument: !ImportValue Policy}
"""
    done = states(tmp_path, service(), service() + queue)
    assert done.returncode == 1 and "the policy in PolicyDocument is not read" in done.stdout
    assert states(tmp_path, service() + queue, service() + queue).returncode == 0


OTHER = """    AdminRole:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
        Policies: [{PolicyName: all, PolicyDocument: {Statement: [{Effect: Allow, Action: "*", Resource: "*"}]}}]
"""


def test_a_function_that_gets_another_role_is_compared_as_that_role(tmp_path: Path):
    old = service() + OTHER
    other = old.replace("    role: OrdersRole", "    role: AdminRole")
    assert states(tmp_path, old, other).returncode == 1
    assert states(tmp_path, other, old).returncode == 0
    outside = old.replace("    role: OrdersRole", "    role: arn:aws:iam::111122223333:role/admin")
    done = states(tmp_path, old, outside)
    assert done.returncode == 1 and "role/admin allows is not known" in done.stdout


def test_terraforms_arguments_that_give_access_are_compared_or_named(tmp_path: Path):
    repository = 'resource "aws_ecr_repository" "r" {\n  name = "r"\n}\n'
    group = 'resource "aws_iam_user" "u" {\n  name = "u"\n}\nresource "aws_iam_group" "g" {\n  name = "g"\n}\n'
    policy = """resource "aws_ecr_repository_policy" "p" {
  repository = aws_ecr_repository.r.name
  policy     = jsonencode({Statement = [{Effect = "Allow", Principal = "*", Action = "ecr:*"}]})
}
"""
    member = """resource "aws_iam_user_group_membership" "m" {
  user   = aws_iam_user.u.name
  groups = [aws_iam_group.g.name]
}
"""
    texts = (repository + group, repository + group + policy, repository + group + member)
    for name, text in zip(("old", "document", "member"), texts, strict=True):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.tf").write_text(text)
    done = compare(tmp_path, "old", "document")
    assert done.returncode == 1 and "ecr:*" in done.stdout
    done = compare(tmp_path, "old", "member")
    assert done.returncode == 1 and "aws_iam_user_group_membership gives access" in done.stdout
    assert compare(tmp_path, "member", "member").returncode == 0


def test_what_is_not_granted_is_asked_of_every_role(tmp_path: Path):
    project(tmp_path / "one", service("[dynamodb:*]"))
    assert compare(tmp_path / "one", "--not-granted", "dynamodb:DeleteTable").returncode == 1
    assert compare(tmp_path / "one", "--not-granted", "s3:*").returncode == 0


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    project(tmp_path / "shop", service())
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "tag", "before")
    return tmp_path / "shop"


def test_a_project_is_compared_with_a_commit_and_the_work_tree_is_not_touched(repository: Path):
    project(repository, service("[dynamodb:*]"))
    (repository / "notes").write_text("mine")
    done = compare(repository, "--base", "before", "--format", "json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["changes"][0]["new"][0]["actions"]
    assert (repository / "notes").read_text() == "mine"
    assert "dynamodb:*" in (repository / "serverless.yml").read_text()
    assert compare(repository.parent, "shop", "--base", "before").returncode == 1


def test_a_policy_document_is_compared_with_a_commit(repository: Path):
    document = {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    (repository / "policy.json").write_text(json.dumps(document))
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "policy")
    assert compare(repository, "policy.json", "--base", "HEAD").returncode == 0
    document["Statement"][0]["Action"] = "s3:*"
    (repository / "policy.json").write_text(json.dumps(document))
    assert compare(repository, "policy.json", "--base", "HEAD").returncode == 1


def test_a_commit_that_is_not_there_is_an_error_with_a_remedy(repository: Path):
    for revision in ("nowhere", "--output=x"):
        done = compare(repository, f"--base={revision}")
        assert done.returncode == 2 and "has no commit" in done.stderr
    assert compare(repository.parent.parent, "--base", "HEAD").returncode == 2


def test_a_module_of_another_folder_of_the_repository_is_read_at_the_commit_too(repository: Path):
    module, stack = repository / "modules" / "role" / "main.tf", repository / "stacks" / "app" / "main.tf"
    policy = '{Version="2012-10-17",Statement=[{Effect="Allow",Action="s3:GetObject",Resource="arn:aws:s3:::b/*"}]}'
    for file, text in (
        (module, f'resource "aws_iam_policy" "p" {{\n  name = "p"\n  policy = jsonencode({policy})\n}}\n'),
        (stack, 'module "role" {\n  source = "../../modules/role"\n}\n'),
    ):
        file.parent.mkdir(parents=True)
        file.write_text(text)
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "modules")
    assert compare(stack.parent, "--base", "HEAD").returncode == 0
    module.write_text(module.read_text().replace("s3:GetObject", "s3:*"))
    assert compare(stack.parent, "--base", "HEAD").returncode == 1
