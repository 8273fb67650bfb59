"""What CloudFormation calls a resource. The names here are published ones, of buckets and roles that it made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.deploy.names import Namer, generated_name
from scopedown.deploy.target import target_of
from scopedown.iam.wildcard import glob, matcher
from scopedown.project.load import Options, load_project

MADE = [
    ("hello-world-python-dev", "ServerlessDeploymentBucket", 63, "lower",
     "hello-world-python-dev-serverlessdeploymentbucket-1gnp3uaf77yre"),
    ("serverless-admin-dev", "ServerlessDeploymentBucket", 63, "lower",
     "serverless-admin-dev-serverlessdeploymentbucket-4xb659gh8lep"),
    ("grant-calculator-app-api-prod", "ServerlessDeploymentBucket", 63, "lower",
     "grant-calculator-app-api-serverlessdeploymentbuck-xkjv2lza4iqu"),
    ("notes-app-api-test-deploy-dev", "ServerlessDeploymentBucket", 63, "lower",
     "notes-app-api-test-deplo-serverlessdeploymentbuck-1p6f52dnzsq77"),
    ("news-provider-production", "ServerlessDeploymentBucket", 63, "lower",
     "news-provider-production-serverlessdeploymentbuck-u6bu1un0uhdt"),
    ("demo-serverless-service-dev", "ServerlessDeploymentBucket", 63, "lower",
     "demo-serverless-service-serverlessdeploymentbuck-16xxmtgvcx133"),
    ("docker-selenium-lambda-tabroom", "ServerlessDeploymentBucket", 63, "lower",
     "docker-selenium-lambda-ta-serverlessdeploymentbuck-1p6f52dnzsq7"),
    ("serverlessrepo-aws-lambda-power-tuning", "analyzerRole", 64, "",
     "serverlessrepo-aws-lambda-power-tunin-analyzerRole-30U2WSAK4KID"),
    ("sam-app", "HelloWorldFunctionRole", 64, "", "sam-app-HelloWorldFunctionRole-1ABCDEFGHIJKL"),
]  # fmt: skip


@pytest.mark.parametrize(("stack", "logical_id", "limit", "form", "name"), MADE)
def test_the_pattern_of_a_generated_name_matches_what_was_made(
    stack: str, logical_id: str, limit: int, form: str, name: str
) -> None:
    assert matcher(glob(generated_name(stack, logical_id, limit, form)))(name)


@pytest.mark.parametrize(("stack", "logical_id", "limit", "form", "name"), MADE)
def test_it_matches_no_name_of_another_stack(stack: str, logical_id: str, limit: int, form: str, name: str) -> None:
    is_of = matcher(glob(generated_name(stack, logical_id, limit, form)))
    assert not is_of(f"x{name}")
    assert not is_of(name.replace(name[:7], "another"))


def test_a_generated_name_is_never_longer_than_the_limit_allows() -> None:
    for length in range(1, 128):
        shown = generated_name("s" * length, "L" * 40, 64)
        assert len(shown.replace("*", "")) <= 64 - 12


def test_the_names_of_topic_rules_hold_no_hyphen() -> None:
    assert "-" not in generated_name("test-service-dev", "FnIotTopicRule1", 128, "word")


TEMPLATE = """
Parameters:
  Name: {Type: String, Default: orders}
  Open: {Type: String}
Resources:
  Named: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub "${Name}-${AWS::Region}"}}
  Unnamed: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: t}}
  Asked: {Type: AWS::DynamoDB::Table, Properties: {TableName: !Ref Open}}
  Other: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetAtt Named.QueueName}}
  Role: {Type: AWS::IAM::Role, Properties: {RoleName: r, Path: /team/}}
  Machine: {Type: AWS::StepFunctions::StateMachine, Properties: {StateMachineName: m}}
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: api}}
  Function: {Type: AWS::Lambda::Function, Properties: {FunctionName: f}}
  Version: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Function}}
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /g}}
"""


@pytest.fixture
def namer(tmp_path: Path) -> Namer:
    (tmp_path / "shop.yaml").write_text(TEMPLATE)
    project = load_project(tmp_path / "shop.yaml", Options(account="123456789012", region="eu-west-1"))
    return Namer.of(project, target_of(project), catalog())


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        ({"Ref": "Named"}, "orders-eu-west-1"),
        ({"Fn::GetAtt": ["Named", "Arn"]}, "arn:aws:sqs:eu-west-1:123456789012:orders-eu-west-1"),
        ({"Ref": "Unnamed"}, "shop-Unnamed-*"),
        ({"Ref": "Topic"}, "arn:aws:sns:eu-west-1:123456789012:t"),
        ({"Ref": "Other"}, "arn:aws:sns:eu-west-1:123456789012:orders-eu-west-1"),
        ({"Fn::GetAtt": ["Role", "Arn"]}, "arn:aws:iam::123456789012:role/team/r"),
        ({"Ref": "Machine"}, "arn:aws:states:eu-west-1:123456789012:stateMachine:m"),
        ({"Ref": "Api"}, "*"),
        ({"Ref": "Version"}, "arn:aws:lambda:eu-west-1:123456789012:function:f:*"),
        ({"Fn::GetAtt": ["Group", "Arn"]}, "arn:aws:logs:eu-west-1:123456789012:log-group:/g:*"),
        ({"Fn::Sub": "arn:${AWS::Partition}:s3:::${AWS::StackName}-x"}, "arn:aws:s3:::shop-x"),
        ({"Ref": "Asked"}, "*"),
        ({"Fn::ImportValue": "other"}, "*"),
    ],
)
def test_references_become_names_and_arns(namer: Namer, tree: object, text: str) -> None:
    assert namer.text(tree) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "arn"), [("/app/key", "parameter/app/key"), ("plain", "parameter/plain")])
def test_the_arn_of_a_parameter_has_no_second_slash(tmp_path: Path, name: str, arn: str) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(
        f"Resources: {{P: {{Type: AWS::SSM::Parameter, Properties: {{Type: String, Name: {name}, Value: x}}}}}}\n"
    )
    project = load_project(template, Options(account="123456789012"))
    own = Namer.of(project, target_of(project), catalog()).arn(project.resources["P"])
    assert own == f"arn:aws:ssm:us-east-1:123456789012:{arn}"


def test_what_is_open_is_told(namer: Namer) -> None:
    namer.text({"Ref": "Asked"})
    namer.text({"Fn::ImportValue": "other"})
    assert namer.told == ["the parameter Open has no default", "other is exported by another stack"]


def test_resources_of_nested_stacks_are_named_by_theirs(namer: Namer) -> None:
    assert namer.stack("Storage/Table") == "shop-Storage-*"


def test_references_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").write_text(
        "Resources:\n"
        "  A: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref B}}\n"
        "  B: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref A}}\n"
    )
    project = load_project(tmp_path / "loop.yaml", Options())
    namer = Namer.of(project, target_of(project), catalog())
    assert re.fullmatch(r"loop-[AB]-\*", namer.text({"Ref": "A"}))
