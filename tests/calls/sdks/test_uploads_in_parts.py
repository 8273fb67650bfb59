"""Uploads that an SDK may send in parts say so: parts take more of a key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

Report = Callable[..., CallReport]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ('s3.upload_file("f", "b", "k")', True),
        ('s3.upload_fileobj(open("f"), "b", "k")', True),
        ('s3.put_object(Bucket="b", Key="k", Body=b"")', False),
    ],
)
def test_python(python_report: Report, line: str, parts: bool) -> None:
    (call,) = python_report(f'import boto3\ndef handler(e, c):\n    s3 = boto3.client("s3")\n    {line}\n').calls
    assert ("$parts" in call.arguments) == parts


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("await new Upload({ client: new S3Client({}), params }).done()", True),
        ("await new AWS.S3().upload(params).promise()", True),
        ("await new AWS.S3.ManagedUpload({ params }).promise()", True),
        ("await new AWS.S3().putObject(params).promise()", False),
    ],
)
def test_javascript(tmp_path: Path, line: str, parts: bool) -> None:
    head = 'import { S3Client } from "@aws-sdk/client-s3"\nimport { Upload } from "@aws-sdk/lib-storage"\n'
    source = f'{head}import AWS from "aws-sdk"\nconst params = {{ Bucket: "b", Key: "k" }}\n'
    (tmp_path / "app.mjs").write_text(f"{source}export const handler = async () => {{ {line} }}\n")
    (call,) = find_calls(Sources(str(tmp_path)), catalog(), {}, "app.mjs", "handler").calls
    assert ("$parts" in call.arguments) == parts
