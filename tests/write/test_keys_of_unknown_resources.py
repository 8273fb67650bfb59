"""Rights on a key go only where every encrypted resource that the functions use is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import run

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Parameters: {{Name: {{Type: String, Default: jobs}}}}
Resources:
  Key: {{Type: AWS::KMS::Key, Properties: {{}}}}
  Plain: {{Type: AWS::SQS::Queue}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.f
      CodeUri: .
      Environment: {{Variables: {{QUEUE: !Ref Plain, NAME: !Ref Name}}}}
      Policies:
        - Statement:
            - {{Effect: Allow, Action: '*', Resource: '*'}}
            - {{Effect: Allow, Action: {actions}, Resource: !GetAtt Key.Arn}}
"""
KEY = ["kms:Decrypt", "kms:GenerateDataKey"]
SEND = 'client("sqs").send_message(QueueUrl={}, MessageBody="x")'


def written(folder: Path, call: str, actions: list[str]) -> tuple[str, str]:
    """The template as it is left, and what is told."""
    (folder / "app.py").write_text(f"import os\nfrom boto3 import client\ndef f(event, context):\n    {call}\n")
    (folder / "template.yaml").write_text(TEMPLATE.format(actions=actions))
    told = run("--yes", command="write", cwd=folder).stderr
    return (folder / "template.yaml").read_text(), told


@pytest.mark.parametrize(
    "call",
    [
        SEND.format('event["url"]'),
        SEND.format('"https://sqs.us-east-1.amazonaws.com/111122223333/jobs"'),
        'client("s3").get_object(Bucket=os.environ["NAME"], Key="k")',
        'client("ssm").get_parameter(Name="/shop/key", WithDecryption=True)',
    ],
)
def test_rights_on_a_key_stay_where_a_resource_is_not_declared(tmp_path: Path, call: str) -> None:
    text, told = written(tmp_path, call, ["kms:Decrypt"])
    assert "Action: ['kms:Decrypt'], Resource: !GetAtt Key.Arn" in text
    assert "may need the key of a resource that is not declared here" in told
    assert "Action: '*'" not in text


def test_rights_on_a_key_go_where_every_resource_is_declared(tmp_path: Path) -> None:
    assert "kms:" not in written(tmp_path, SEND.format('os.environ["QUEUE"]'), KEY)[0]


def test_of_other_rights_on_a_key_those_that_may_be_needed_stay(tmp_path: Path) -> None:
    text, _ = written(tmp_path, SEND.format('event["url"]'), ["kms:*"])
    assert "kms:*" not in text and all(action in text for action in KEY)


def test_a_parameter_that_is_read_without_decryption_needs_no_key(tmp_path: Path) -> None:
    assert "kms:" not in written(tmp_path, 'client("ssm").get_parameter(Name="/shop/key")', KEY)[0]
