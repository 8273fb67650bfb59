"""After code does with the language itself what is followed only in part, what it did not seem to run counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

HEAD = (
    "const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');\n"
    "const client = new DynamoDBClient({});\n"
    "const put = () => client.send(new PutItemCommand({ TableName: 't' }));\n"
)


def _unseen(folder: Path, top: str, body: str) -> list[str]:
    (folder / "h.js").write_text(f"{HEAD}{top}\nexports.handler = async () => {{\n{body}\n}};\n", "utf-8")
    report = find_calls(Sources(folder), catalog(), {}, "h.js", "handler")
    return [one.what for one in report.unseen] or [f"calls {call.operation}" for call in report.calls]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("let n = 0; Array.prototype.sum = 1; if (n === 1) put();", "changes Array.prototype"),
        ("Object.defineProperty({}, 'p', { value: 1 }); if (1 === 2) put();", "defines a property by a descriptor"),
        (
            "const d = new Date(0); d.p = { set() {} }; Object.defineProperties({}, d); if (1 === 2) put();",
            "by an object that is not plain",
        ),
        ("const own = { f() { return super.f; } }; own.f(); if (1 === 2) put();", "uses super outside of a class"),
        ("class Own { get prototype() { return 1; } } if (1 === 2) put();", "a class with a member named prototype"),
        ("class Own extends Map { constructor() { super(); } } let n = 0; if (n) put();", "derives a class from Map"),
    ],
)
def test_what_a_test_left_out_may_run(tmp_path: Path, body: str, said: str) -> None:
    found = _unseen(tmp_path, "", body)
    assert found[0].startswith("put() may run and call PutItemCommand(), since the code ")
    assert said in found[0]
    assert found[0].endswith(" (h.js:6)")


@pytest.mark.parametrize(
    ("top", "body"),
    [
        ("Object.defineProperty(exports, '__esModule', { value: true });", "put(); if (1 === 2) put();"),
        ("class Failed extends Error { constructor() { super(); } }", "put(); if (1 === 2) put();"),
        ("const own = { get() { return put(); }, set() { return put(); } };", "put();"),
        ("Object.defineProperty(exports, 'f', { enumerable: true, get: function () { return put; } });", "put();"),
    ],
)
def test_what_compilers_and_ordinary_code_write_leaves_it_whole(tmp_path: Path, top: str, body: str) -> None:
    assert _unseen(tmp_path, top, body) == ["calls PutItem"]
