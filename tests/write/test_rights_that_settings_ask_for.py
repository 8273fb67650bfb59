"""What a function's settings ask for stays allowed in the role that ``write`` makes, whatever the old role allowed."""

from __future__ import annotations

from pathlib import Path

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


def written(folder: Path, text: str) -> str:
    (folder / "app.py").write_text("def handler(event, context): ...\n")
    (folder / "serverless.yml").write_text(text)
    run("--yes", command="write", cwd=folder)
    return (folder / "serverless.yml").read_text()


def test_a_stream_is_still_listed_where_the_old_role_allowed_all_on_tables(tmp_path: Path) -> None:
    text = written(tmp_path, STREAM)
    _, after = text.split("dynamodb:ListStreams")
    assert "Orders.StreamArn" in after.partition("Effect:")[0].replace("\n", "")


def test_a_function_that_only_one_stage_has_keeps_its_rights(tmp_path: Path) -> None:
    assert "lambda:InvokeFunction" in written(tmp_path, WARMER)
