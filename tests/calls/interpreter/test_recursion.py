"""A function that calls itself is followed to the call at its end, however far it counts."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

Calls = Callable[..., list[str]]

PYTHON = {
    "a number": """
        def run(left, bucket):
            if left == 0:
                return s3.get_bucket_acl(Bucket=bucket)
            return run(left - 1, bucket)
        def handler(event, context):
            return run(9, "kept")
    """,
    "a keyword": """
        def run(*, count=0):
            if count == 9:
                return s3.get_bucket_acl(Bucket="kept")
            return run(count=count + 1)
        def handler(event, context):
            return run()
    """,
    "a text": """
        def run(text):
            if text == "aaaaaaaaa":
                return s3.get_bucket_acl(Bucket="kept")
            return run(text + "a")
        def handler(event, context):
            return run("")
    """,
    "a dict": """
        def run(state):
            if state["count"] == 9:
                return s3.get_bucket_acl(Bucket=state["bucket"])
            return run({"count": state["count"] + 1, "bucket": state["bucket"]})
        def handler(event, context):
            return run({"count": 0, "bucket": "kept"})
    """,
    "two functions": """
        def even(number):
            return s3.get_bucket_acl(Bucket="kept") if number == 0 else odd(number - 1)
        def odd(number):
            return even(number - 1)
        def handler(event, context):
            return even(40)
    """,
}
JAVASCRIPT = {
    "a number": "const run = (left, b) => left === 0 ? s3.getBucketAcl({ Bucket: b }).promise() : run(left - 1, b);\n"
    "exports.handler = async () => run(9, 'kept');",
    "an object": "const f = ({ n, b }) => n === 9 ? s3.getBucketAcl({ Bucket: b }).promise() : f({ n: n + 1, b });\n"
    "exports.handler = async () => f({ n: 0, b: 'kept' });",
}


@pytest.mark.parametrize("source", PYTHON.values(), ids=PYTHON.keys())
def test_python_is_followed_to_the_end(python_calls: Calls, source: str) -> None:
    calls = python_calls("import boto3\ns3 = boto3.client('s3')\n" + dedent(source))
    assert calls == ["s3.GetBucketAcl Bucket=kept"]


@pytest.mark.parametrize("source", JAVASCRIPT.values(), ids=JAVASCRIPT.keys())
def test_javascript_is_followed_to_the_end(javascript_calls: Calls, source: str) -> None:
    calls = javascript_calls("const { S3 } = require('aws-sdk');\nconst s3 = new S3();\n" + source)
    assert calls == ["s3.GetBucketAcl Bucket=kept"]
