"""What sends mail keeps its resources: in the sandbox, SES asks for it on the identities of the recipients too."""

from __future__ import annotations

from pathlib import Path

from command_line import run

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.f
      CodeUri: .
      Policies:
        - Statement:
            - {Effect: Allow, Action: ['ses:SendEmail', 'ses:SendRawEmail', 's3:GetObject'], Resource: '*'}
"""
CODE = """import boto3
def f(event, context):
    boto3.client("ses").send_email(Source="shop@example.com", Destination={"ToAddresses": [event["to"]]}, Message={})
"""


def test_a_send_stays_on_every_identity_that_it_is_allowed_on(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(CODE)
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    run("--yes", command="write", cwd=tmp_path)
    text = (tmp_path / "template.yaml").read_text()
    kept = text.partition("ses:SendEmail")[2]
    assert "Resource: '*'" in kept or "- '*'" in kept
    assert "ses:SendRawEmail" not in text
    assert "s3:GetObject" not in text
