"""What Python runs or compares where the code does not say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

HEAD = "import boto3\nclient = boto3.client('dynamodb')\ndef put(*_):\n    client.put_item(TableName='t', Item={})\n"


def _is_known(folder: Path, body: str) -> bool:
    (folder / "h.py").write_text(HEAD + "def handler(event, context):\n    " + body.replace("\n", "\n    "), "utf-8")
    report = find_calls(Sources(folder), catalog(), {}, "h.py", "handler")
    return bool(report.calls or report.unseen)


@pytest.mark.parametrize(
    "body",
    [
        "hit = None\nany((hit := x) > 1 for x in [1, 2, 3])\nif hit == 2: put()",
        "if b'a' != 'a': put()",
        "def f() -> put(): pass",
        "def f(x: [put()]): pass",
        "class C:\n    x: put() = 1",
        "class A:\n    def __await__(self):\n        yield\n        return put\nasync def main():\n    (await A())()\n"
        "import asyncio\nasyncio.run(main())",
    ],
)
def test_the_call_is_found_or_named(tmp_path: Path, body: str) -> None:
    assert _is_known(tmp_path, body)


@pytest.mark.parametrize("body", ["if b'a' != b'a': put()", "if 'a' != 'a': put()", "def f(x: list[int]) -> int: pass"])
def test_equal_texts_and_plain_annotations_call_nothing(tmp_path: Path, body: str) -> None:
    assert not _is_known(tmp_path, body)
