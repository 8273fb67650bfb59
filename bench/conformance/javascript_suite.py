"""test262 as programs: the test's body is the handler, and an SDK call is in it or after it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from conformance.programs import HERE, Made, drawn, serverless_project

CALL = "client.send(new PutItemCommand({ TableName: 't' }))"
NODE = os.environ.get("NODE", "node")
CHUNK = 100
"""Tests that one process of node runs."""
HOST = """const $262 = {
  global: globalThis,
  gc() {},
  evalScript(text) { return (0, eval)(text); },
  detachArrayBuffer(buffer) { structuredClone(buffer, { transfer: [buffer] }); },
  createRealm() {
    const global = require('vm').runInNewContext('globalThis');
    return { global, evalScript: (text) => global.eval(text) };
  },
};
"""
"""What tests ask of the program that runs them, where that is in Node's reach (test262's INTERPRETING.md)."""

_SDK = (
    "const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');\n"
    "const client = new DynamoDBClient({});\n"
)
_FRONT = re.compile(r"/\*---(.*?)---\*/", re.DOTALL)
_LIST = r"^{}:\s*\[(.*?)\]|^{}:\s*\n((?:\s+- .*\n)+)"


class JavaScript:
    """tc39/test262."""

    name = "javascript"
    forms = ("end", "inside", "expression", "gate", "flow")
    suffix = ".js"
    runtime = "nodejs20.x"

    def made(self, suite: Path, form: str, limit: int | None, seed: int) -> Iterator[Made]:
        paths = sorted(
            path
            for part in ("language", "built-ins", "annexB")
            for path in (suite / "test" / part).rglob("*.js")
            if "_FIXTURE" not in path.name and not {"Temporal", "Atomics"} & set(path.parts)
        )
        tests = []
        for path in drawn(paths, limit, seed):
            test = _test(suite, path)
            if isinstance(test, Made):
                yield test
            else:
                tests.append(test)
        for start in range(0, len(tests), CHUNK):
            yield from _run(tests[start : start + CHUNK], form, seed)

    def happens(self, texts: dict[str, str]) -> set[str]:
        tests = [{"name": name, "text": text} for name, text in texts.items()]
        return {one.name for start in range(0, len(tests), CHUNK)
                for one in _run(tests[start : start + CHUNK], "check", 0) if one.text}  # fmt: skip

    def small(self, text: str) -> str:
        body = textwrap.indent(text.strip("\n").replace("CALL", CALL), "  ")
        return f"{_SDK}const put = () => {CALL};\nexports.handler = async (event) => {{\n{body}\n}};\n"

    def written(self, folder: Path, texts: Sequence[str]) -> None:
        serverless_project(folder, texts, self.runtime, self.suffix)


def _run(tests: list[dict[str, Any]], form: str, seed: int) -> Iterator[Made]:
    """Has node make and run programs; a test that hangs is left out, and the others go on in a new process."""
    while tests:
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as out:
            command = [NODE, "--expose-internals", str(HERE / "javascript_programs.js"), form, str(seed), out.name]
            try:
                given = "\n".join(map(json.dumps, tests))
                ended = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60).returncode == 0
            except subprocess.TimeoutExpired:
                ended = False
            lines = [json.loads(line) for line in out.read().split("\n")[:-1]]
        tried = [line["trying"] for line in lines if "trying" in line]
        for line in lines:
            if "name" in line:
                yield Made(line["name"], line.get("text", ""), line.get("dropped", ""))
        if ended or not tried:
            return
        yield Made(tried[-1], dropped="hangs")
        names = [test["name"] for test in tests]
        tests = tests[names.index(tried[-1]) + 1 :]


def _test(suite: Path, path: Path) -> dict[str, Any] | Made:
    text = path.read_text("utf-8", errors="replace")
    name = str(path.relative_to(suite))
    front = _FRONT.search(text)
    if front is None:
        return Made(name, dropped="without a description")
    if "negative:" in front[1]:
        return Made(name, dropped="expects a failure")
    flags = _listed(front[1], "flags")
    if {"raw", "module", "CanBlockIsFalse"} & set(flags):
        return Made(name, dropped="module, raw or without blocking")
    includes = ["sta.js", "assert.js", *_listed(front[1], "includes")]
    if "async" in flags:
        includes.append("doneprintHandle.js")
    harness = "\n".join(_code((suite / "harness" / one).read_text("utf-8")) for one in dict.fromkeys(includes))
    if "$262" in harness or "$262" in text[front.end() :]:
        harness = HOST + harness
    body = (text[: front.start()] + text[front.end() :]).strip("\n")
    return {"name": name, "harness": harness, "body": body, "strict": "onlyStrict" in flags}


def _code(text: str) -> str:
    return _FRONT.sub("", text).strip("\n")


def _listed(front: str, key: str) -> list[str]:
    found = re.search(_LIST.format(key, key), front, re.MULTILINE)
    if found is None:
        return []
    return [word for word in re.split(r"[\s,]+(?:- )?|^\s*- ", found[1] or found[2] or "") if word]


SUITE = JavaScript()
