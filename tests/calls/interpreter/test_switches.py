"""Calls in code that runs only where an environment variable is set otherwise than the project sets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.calls.model import DECLARED
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

ENVIRONMENT = {"STAGE": "dev", "EMPTY": "", DECLARED: "GIVEN="}
PYTHON = """\
import os
import boto3
JOB = os.environ.get("JOB")
class Config:
    def __init__(self):
        self.on = os.getenv("ON") == "1"
def put(key):
    boto3.client("s3").put_object(Bucket="b", Key=key)
def enabled():
    return os.environ.get("JOB", "false").lower() == "true"
def handler(event, context):
    {}
"""
JAVASCRIPT = """\
const {{ S3 }} = require("aws-sdk");
const put = (key) => new S3().putObject({{ Bucket: "b", Key: key }}).promise();
const config = {{ on: process.env.ON === "1" }};
exports.handler = async (event) => {{
  {}
}};
"""


def switches(folder: Path, file: str, text: str, body: str) -> list[tuple[str, ...]]:
    (folder / file).write_text(text.format(body))
    report = find_calls(Sources(str(folder)), catalog(), {}, file, "handler", ENVIRONMENT)
    return [call.switches for call in report.calls]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if JOB: put('a')", ("JOB",)),
        ("if not JOB: put('a')", ()),
        ("if JOB and event['x']: put('a')", ("JOB",)),
        ("if JOB or event['x']: put('a')", ()),
        ("if not JOB: return\n    put('a')", ("JOB",)),
        ("if enabled(): put('a')", ("JOB",)),
        ("if Config().on: put('a')", ("ON",)),
        ("if os.environ['STAGE'] in ('test', 'prod'): put('a')", ("STAGE",)),
        ("if os.environ['STAGE'] in ('test', 'dev'): put('a')", ()),
        ("if os.environ['STAGE'] != 'dev': put('a')", ("STAGE",)),
        ("if os.environ['EMPTY']: put('a')", ("EMPTY",)),
        ("if os.environ['GIVEN']: put('a')", ()),
        ("if os.environ.get('AWS_EXECUTION_ENV'): put('a')", ()),
        ("put('a') if JOB else None", ("JOB",)),
        ("JOB and put('a')", ("JOB",)),
        ("if JOB: put('a')\n    put('a')", ()),
        ("if JOB: put('a')\n    else: put('a')", ()),
        ("if event['x']:\n        if not JOB: return\n    put('a')", ()),
    ],
)
def test_a_call_in_python_names_its_switches(tmp_path: Path, body: str, expected: tuple[str, ...]) -> None:
    assert switches(tmp_path, "app.py", PYTHON, body) == [expected]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if (process.env.JOB) await put('a');", ("JOB",)),
        ("if (!process.env.JOB) { return; } await put('a');", ("JOB",)),
        ("if (config.on) await put('a');", ("ON",)),
        ("process.env.JOB && await put('a');", ("JOB",)),
        ("process.env.STAGE || await put('a');", ("STAGE",)),
        ("if (process.env.JOB === undefined) await put('a');", ()),
        ("if (process.env.JOB !== undefined) await put('a');", ("JOB",)),
        ("if ((process.env.JOB || 'FALSE').toLowerCase() === 'true') await put('a');", ("JOB",)),
        ("switch (process.env.STAGE) { case 'prod': await put('a'); }", ("STAGE",)),
    ],
)
def test_a_call_in_javascript_names_its_switches(tmp_path: Path, body: str, expected: tuple[str, ...]) -> None:
    assert switches(tmp_path, "app.js", JAVASCRIPT, body) == [expected]
