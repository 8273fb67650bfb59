"""A wildcard is wider than a name of which the code determines a part; where nothing is known of it, it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from project_problems import problems_of

SERVICE = """\
service: s
provider:
  name: aws
  runtime: python3.12
  iam: {role: {statements: [{Effect: Allow, Action: 's3:PutObject', Resource: 'RESOURCE'}]}}
functions: {f: {handler: app.f}}
"""
CODE = 'import boto3\ndef f(event, context):\n    boto3.client("s3").put_object(Bucket=BUCKET, Key=KEY)\n'


def told(folder: Path, resource: str, bucket: str, key: str) -> list[str]:
    code = CODE.replace("BUCKET", bucket).replace("KEY", key)
    found = problems_of(folder, SERVICE.replace("RESOURCE", resource), code)
    return [problem.message for problem in found if problem.rule == "SD204"]


def test_everything_is_wider_than_the_keys_of_a_known_bucket(tmp_path: Path) -> None:
    (message,) = told(tmp_path, "*", '"files"', 'f"up/{event["a"]}/{event["b"]}"')
    assert message.endswith(": arn:${AWS::Partition}:s3:::files/up/*/*")
    assert told(tmp_path, "*", '"files"', 'event["key"]')


def test_a_whole_bucket_is_wider_than_keys_with_a_known_beginning(tmp_path: Path) -> None:
    assert told(tmp_path, "arn:aws:s3:::files/*", '"files"', 'f"up/{event["a"]}"')


@pytest.mark.parametrize("key", ['event["key"]', 'f"{event["a"]}/{event["b"]}"', 'event["a"] + "/thumbnail.png"'])
def test_a_whole_bucket_is_no_wider_than_keys_that_may_begin_with_anything(tmp_path: Path, key: str) -> None:
    assert told(tmp_path, "arn:aws:s3:::files/*", '"files"', key) == []


@pytest.mark.parametrize("key", ['"config.json"', 'event["key"]'])
def test_nothing_is_told_where_nothing_is_known_of_the_bucket(tmp_path: Path, key: str) -> None:
    assert told(tmp_path, "*", 'event["bucket"]', key) == []
