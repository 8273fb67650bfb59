"""Credentials of another role under a condition: the function's own role makes the call as well."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

SOURCES = Path(__file__).parent.parent / "sources"


def owners(folder: str, file: str) -> dict[str, set[str]]:
    """Whose credentials each call of a case is made with; the function's own as ``own``."""
    report = find_calls(Sources(str(SOURCES / folder)), catalog(), {}, file, "handler")
    found: dict[str, set[str]] = {}
    for call in report.calls:
        found.setdefault(call.name, set()).add("own" if call.credentials is None else str(call.credentials))
    assert report.unseen == ()
    return found


def test_both_branches_of_a_condition_are_reported_in_javascript() -> None:
    found = owners("js_conditional_credentials", "handler.js")
    assert found["dynamodb.GetItem"] == {"own"}  # the keys are for a local stand-in
    assert found["s3.GetObject"] == {"own", "${env:PARTNER}"}
    assert found["sqs.SendMessage"] == {"own"}
    assert "own" not in found["s3.ListBuckets"]


def test_both_branches_of_a_condition_are_reported_in_python() -> None:
    found = owners("py_conditional_credentials", "handler.py")
    assert found["dynamodb.GetItem"] == {"own"}
    assert len(found["s3.GetObject"]) == 2 and "own" in found["s3.GetObject"]
    assert found["sqs.SendMessage"] == {"own", "${env:ROLE}"}


@pytest.mark.parametrize("test", ["process.env.STAGE === 'dev'", "event.local"])
def test_keys_under_a_condition_leave_the_calls_with_the_role(
    javascript_calls: Callable[..., list[str]], test: str
) -> None:
    source = f"""
        const AWS = require('aws-sdk');
        exports.handler = async (event) => {{
            const options = {{}};
            if ({test}) {{ options.accessKeyId = 'A'; options.secretAccessKey = 'B'; }}
            return new AWS.S3(options).getObject({{ Bucket: 'b', Key: 'k' }}).promise();
        }};
    """
    found = javascript_calls(source)
    assert sorted(found) == ["s3.GetObject Bucket=b Key=k", "s3.GetObject Bucket=b Key=k as *"]
