"""Where a rule cannot know, it says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.catalog.load import catalog
from scopedown.checks.run import problems
from scopedown.project.load import Options, load_project
from scopedown.scan import scan

SERVICE = """\
service: s
provider:
  name: aws
  runtime: python3.12
  iam: {role: {statements: [{Effect: Allow, Action: [ACTIONS], Resource: 'RESOURCE'}]}}
functions: {f: {handler: app.f}}
"""


def told(folder: Path, service: str, code: str = "def f(event, context): pass\n") -> set[str]:
    (folder / "serverless.yml").write_text(service)
    (folder / "app.py").write_text(code)
    return {one.rule for one in problems(scan(load_project(folder, Options()), catalog()), catalog())}


def service(actions: str, resource: str = "*") -> str:
    return SERVICE.replace("ACTIONS", actions).replace("RESOURCE", resource)


def test_a_package_made_for_aws_that_was_not_read_may_need_what_seems_unused(tmp_path: Path) -> None:
    assert "SD201" in told(tmp_path, service("'sqs:PurgeQueue'"), "import requests\ndef f(e, c): requests.get(e)\n")
    unread = "import amazon_queue_driver\ndef f(e, c): amazon_queue_driver.purge(e)\n"
    assert "SD201" not in told(tmp_path, service("'sqs:PurgeQueue'"), unread)


def test_a_possible_call_may_need_what_seems_unused_or_too_wide(tmp_path: Path) -> None:
    code = 'def f(event, context):\n    event["queue"].purge_queue(QueueUrl="https://sqs/1/jobs")\n'
    assert told(tmp_path, service("'sqs:*'"), "import boto3\n" + code) & {"SD201", "SD203", "SD204"} == set()


def test_what_lambdas_documentation_asks_for_a_stream_is_not_unused(tmp_path: Path) -> None:
    stream = "arn:aws:kinesis:us-east-1:123456789012:stream/s"
    text = service("'kinesis:DescribeStreamSummary', 'kinesis:SubscribeToShard'", stream)
    event = f"events: [{{stream: {{arn: '{stream}'}}}}]"
    assert "SD201" in told(tmp_path, text)
    assert "SD201" not in told(tmp_path, text.replace("app.f}", f"app.f, {event}}}"))


def test_a_role_of_a_stream_without_list_streams_is_no_lost_setting(tmp_path: Path) -> None:
    stream = "arn:aws:kinesis:us-east-1:123456789012:stream/s"
    event = f"events: [{{stream: {{arn: '{stream}'}}}}]"
    text = service("'kinesis:DescribeStream'", stream).replace("app.f}", f"app.f, {event}}}")
    assert "SD102" not in told(tmp_path, text)


@pytest.mark.parametrize("extension", [True, False])
def test_an_extension_in_a_layer_may_need_what_seems_unused(tmp_path: Path, extension: bool) -> None:
    (tmp_path / "layer" / ("extensions" if extension else "python")).mkdir(parents=True)
    text = service("'sqs:PurgeQueue'").replace("app.f}", "app.f, layers: [{Ref: OwnLambdaLayer}]}")
    assert ("SD201" in told(tmp_path, text + "layers: {own: {path: layer}}\n")) is not extension


def test_a_need_that_is_not_known_may_be_what_a_reference_turns_out_to_be(tmp_path: Path) -> None:
    text = service("'dynamodb:GetItem'", "RESOURCE").replace("'RESOURCE'", "{'Fn::GetAtt': [T, Arn]}") + (
        "resources:\n  Resources:\n    T:\n      Type: AWS::DynamoDB::Table\n      Properties: {}\n"
    )
    code = 'import boto3\ndef f(event, context):\n    boto3.client("dynamodb").get_item(TableName=event["t"], Key={})\n'
    assert told(tmp_path, text, code) & {"SD201", "SD202", "SD204"} == set()
