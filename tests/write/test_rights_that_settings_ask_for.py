"""What a function's settings ask for stays allowed in the role that ``write`` makes, whatever the old role allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run

STREAM = """\
service: s
provider:
  name: aws
  runtime: python3.12
  iam:
    role:
      statements:
        - {Effect: Allow, Action: 'dynamodb:*', Resource: [!GetAtt Orders.Arn, !GetAtt Notes.Arn]}
functions:
  copy:
    handler: app.handler
    events: [{stream: {type: dynamodb, arn: !GetAtt Orders.StreamArn}}]
  other: {handler: app.handler}
resources:
  Resources:
    Orders: {Type: AWS::DynamoDB::Table, Properties: {StreamSpecification: {StreamViewType: NEW_IMAGE}}}
    Notes: {Type: AWS::DynamoDB::Table, Properties: {}}
"""
WARMER = """\
service: s
plugins: [serverless-plugin-warmup]
custom:
  warmup:
    own: {role: IamRoleLambdaExecution, enabled: false}
provider:
  name: aws
  runtime: python3.12
  iamRoleStatements:
    - {Effect: Allow, Action: 'lambda:InvokeFunction', Resource: '*'}
functions:
  read: {handler: app.handler, warmup: {own: {enabled: [prod]}}}
"""
CHOSEN = """\
service: s
provider:
  name: aws
  runtime: python3.12
  region: ${opt:region, 'us-east-1'}
  environment: {QUEUE: !ImportValue queue}
  iam:
    role:
      statements:
        - {Effect: Allow, Action: ['sqs:SendMessage', 'sqs:PurgeQueue'], Resource: 'arn:aws:sqs:REGION:*:jobs'}
functions:
  put: {handler: app.handler}
"""
SENDING = """\
def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody="")
"""
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: ['logs:*', 's3:GetObject'], Resource: '*'}
  TheFunctionWithAnExtremelyLongName:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: ., Handler: app.handler, Runtime: python3.12, Role: !GetAtt Role.Arn}
"""


def written(folder: Path, text: str, code: str = "def handler(event, context): ...\n") -> str:
    (folder / "app.py").write_text(code)
    (folder / "serverless.yml").write_text(text)
    run("--yes", command="write", cwd=folder)
    return (folder / "serverless.yml").read_text()


def test_a_stream_is_still_listed_where_the_old_role_allowed_all_on_tables(tmp_path: Path) -> None:
    text = written(tmp_path, STREAM)
    _, after = text.split("dynamodb:ListStreams")
    assert "Orders.StreamArn" in after.partition("Effect:")[0].replace("\n", "")


def test_a_function_that_only_one_stage_has_keeps_its_rights(tmp_path: Path) -> None:
    assert "lambda:InvokeFunction" in written(tmp_path, WARMER)


@pytest.mark.parametrize("region", ["${aws:region}", "${opt:region, self:provider.region}", "${self:provider.region}"])
def test_the_region_that_a_deployment_chooses_is_not_written_as_one_region(tmp_path: Path, region: str) -> None:
    text = written(tmp_path, CHOSEN.replace("REGION", region), "import os, boto3\n" + SENDING)
    assert "us-east-1" not in text.partition("functions:")[2]
    assert "sqs:${AWS::Region}:*:jobs" in text


def test_a_region_that_the_file_names_stays(tmp_path: Path) -> None:
    text = written(tmp_path, CHOSEN.replace("REGION", "us-east-1"), "import os, boto3\n" + SENDING)
    assert "sqs:us-east-1:*:jobs" in text


def test_logs_are_written_whatever_the_stack_is_called(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("def handler(event, context): ...\n")
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    run("--yes", command="write", cwd=tmp_path)
    text = (tmp_path / "template.yaml").read_text()
    assert "log-group:/aws/lambda/*-TheFunctionWithAnExtreme*:*:*" in text
    assert run("--check", command="write", cwd=tmp_path).returncode == 0
    assert "SD204" not in run(command="check", cwd=tmp_path).stdout
