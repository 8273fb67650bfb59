"""Operations that an argument names (a presigned request, a waiter, a paginator): each that it may name is counted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.core.coverage import Cause
from scopedown.source.sources import Sources

Report = Callable[..., CallReport]


def report(folder: Path, language: str, line: str) -> CallReport:
    name, source = {
        "javascript": ("app.js", f"const AWS = require('aws-sdk'); const s3 = new AWS.S3();\n"
                                 f"exports.handler = async (event) => {{ {line} }};\n"),
        "python": ("app.py", f"import boto3\ns3 = boto3.client('s3')\ndef handler(event, context):\n    {line}\n"),
        "ruby": ("app.rb", f"require 'aws-sdk-s3'\nS3 = Aws::S3::Client.new\n"
                           f"def handler(event:, context:)\n  {line}\nend\n"),
    }[language]  # fmt: skip
    (folder / name).write_text(source)
    return find_calls(Sources(str(folder)), catalog(), {}, name, "handler")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("javascript", "return s3.getSignedUrl(event.name, { Bucket: 'b', Key: 'k' });"),
        ("javascript", "return s3.getSignedUrlPromise(event.name, { Bucket: 'b', Key: 'k' });"),
        ("javascript", "return s3.waitFor(event.name, { Bucket: 'b' }).promise();"),
        ("javascript", "return s3.makeRequest(event.name, {}).promise();"),
        ("javascript", "return s3.getSignedUrl(...event.given);"),
        ("python", "return s3.generate_presigned_url(event['name'], Params={'Bucket': 'b', 'Key': 'k'})"),
        ("python", "return s3.generate_presigned_url(**event)"),
        ("python", "return s3.get_paginator(event['name'])"),
        ("python", "return s3.get_waiter(event['name'])"),
        ("ruby", "S3.wait_until(event['name'].to_sym, bucket: 'b')"),
    ],
)
def test_a_computed_name_may_be_any_operation(tmp_path: Path, language: str, line: str) -> None:
    (unseen,) = report(tmp_path, language, line).unseen
    assert unseen.cause is Cause.DISPATCH
    assert "an SDK client of s3" in unseen.what
    assert "s3:*" in unseen.may_call


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("javascript", "return s3.getSignedUrl(event.up ? 'putObject' : 'getObject', { Bucket: 'b', Key: 'k' });"),
        ("javascript", "return s3.makeRequest(event.up ? 'putObject' : 'getObject', { Bucket: 'b', Key: 'k' });"),
        ("python", "return s3.generate_presigned_url('put_object' if event else 'get_object', Params={})"),
    ],
)
def test_each_of_several_names_counts(tmp_path: Path, language: str, line: str) -> None:
    found = report(tmp_path, language, line)
    assert {call.operation for call in found.calls} == {"GetObject", "PutObject"}
    assert found.unseen == ()


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("javascript", "return s3.getSignedUrl('fetchObject', {});"),
        ("javascript", "return s3.waitFor('objectFrozen', {}).promise();"),
        ("python", "return s3.get_paginator('list_all_objects')"),
    ],
)
def test_a_name_that_is_no_operation_is_said(tmp_path: Path, language: str, line: str) -> None:
    (unseen,) = report(tmp_path, language, line).unseen
    assert unseen.cause is Cause.OPERATION


def test_another_vendors_service_needs_no_right(python_report: Report) -> None:
    source = """
        import boto3
        s3 = boto3.client("s3", endpoint_url="https://account.r2.cloudflarestorage.com")
        def handler(event, context):
            return s3.generate_presigned_url(event["name"], Params={"Bucket": "b", "Key": "k"})
    """
    found = python_report(source)
    assert (found.calls, found.unseen) == ((), ())
