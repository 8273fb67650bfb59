"""Files that the second opinion cannot read are reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.source.disk import MAX_BYTES
from scopedown.source.sources import Sources

PYTHON = """
import boto3

def handler(event, context):
    boto3.client("sqs").list_queues()

def unused():
    import other
"""
JAVASCRIPT = """
const { SQS } = require('aws-sdk');
exports.handler = async () => { await new SQS().listQueues().promise(); };
const unused = () => require('./other');
"""


def unseen(folder: Path, name: str, text: str) -> list[str]:
    (folder / name).write_text(text, "utf-8")
    report = find_calls(Sources(str(folder)), catalog(), {}, name, "handler")
    assert [call.name for call in report.calls] == ["sqs.ListQueues"]
    return [f"{one.place.file if one.place else None}: {one.what}" for one in report.unseen]


@pytest.mark.parametrize(
    ("name", "text", "other"), [("app.py", PYTHON, "other.py"), ("app.js", JAVASCRIPT, "other.js")]
)
def test_a_file_that_is_too_large_makes_a_function_not_whole(tmp_path: Path, name: str, text: str, other: str) -> None:
    (tmp_path / other).write_bytes(b"\n" * (MAX_BYTES + 1))
    assert unseen(tmp_path, name, text) == [
        f"{other}: scopedown did not read the file, because it has {MAX_BYTES + 1:,} bytes"
    ]


def test_large_data_is_no_code(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_bytes(b" " * (MAX_BYTES + 1))
    assert unseen(tmp_path, "app.js", JAVASCRIPT.replace("./other", "./other.json")) == []


def test_files_that_are_read_leave_a_function_whole(tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("", "utf-8")
    assert unseen(tmp_path, "app.py", PYTHON) == []
