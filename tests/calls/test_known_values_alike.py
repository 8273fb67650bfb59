"""A name that is made of constants is the same in a handler as in serverless.ts."""

from __future__ import annotations

from pathlib import Path

import pytest

from scopedown.calls.find import find_calls
from scopedown.catalog.load import catalog
from scopedown.documents.document import Files
from scopedown.languages.javascript.programs.read import read_program
from scopedown.project.options import Options
from scopedown.source.sources import Sources

NAMES = """
    "My_Table".toLowerCase().replace(/_/g, "-")
    `t${"7".padStart(3, "0")}`
    "b".padEnd(3, "ab").toUpperCase()
    "a.b.c".split(".").at(-1)
    "a.b.c".split(/[.]/, 2).join("_")
    "orders-12".match(/([a-z]+)-/)[1]
    "snake_case".replace(/_([a-z])/g, (_, letter) => letter.toUpperCase())
    "x".concat("y", 1).replaceAll("y", "$$")
    ["b", "c", "a"].sort().reverse().join("")
    [3, 20, 100].sort().join("-")
    ["b", "c"].filter((one) => one.startsWith("c")).concat(["d"])[1]
    ["b", "c"].find((one) => one === "c")
    ["b", "c"].slice(-1)[0] + ["b", "c"].indexOf("c")
    "a-b".lastIndexOf("b") + " table".trim()
    "table".charAt(1) + "table".substring(3, 1) + "table".substr(-2)
    `${(255).toString(16)}-${(1.005).toFixed(1)}-${parseInt("12px", 10)}`
    Math.max(1, 2) + "-" + Number("7") + "-" + "abc".length
    "é".normalize("NFD").replace(/[^a-z]/g, "")
""".strip().splitlines()


@pytest.mark.parametrize("name", [name.strip() for name in NAMES])
def test_a_name_is_worked_out_alike(tmp_path: Path, name: str) -> None:
    (tmp_path / "serverless.ts").write_text(f"export default {{ name: {name} }}", encoding="utf-8")
    (tmp_path / "handler.ts").write_text(
        'import { DynamoDB } from "@aws-sdk/client-dynamodb";\n'
        f"export const handler = () => new DynamoDB({{}}).getItem({{ TableName: {name}, Key: {{}} }});\n",
        encoding="utf-8",
    )
    configured = read_program(tmp_path / "serverless.ts", Files(tmp_path), Options()).tree["name"]
    (call,) = find_calls(Sources(str(tmp_path)), catalog(), {}, "handler.ts", "handler").calls
    assert isinstance(configured, str)
    assert str(call.arguments["TableName"]) == configured


@pytest.mark.parametrize(
    ("file", "source"),
    [
        (
            "handler.js",
            "let s = []; s.push(s); let t = ['x'];" + "t = [t, t];" * 40
            + "const of = (v) => 'x'.replace(v, v) + v.sort() + v.indexOf(v) + v.slice(v)"
            " + parseInt(v, v) + 'x'.includes(v);\n"
            "const r = 'a'.repeat(59).replace(/" + "a?" * 60 + "a" * 60 + "/, '');\n"
            "exports.handler = () => { of(s); of(t); for (const x of s) of(x); return r + 'x'.padStart(1e12) };\n",
        ),
        (
            "handler.py",
            "import re\ns = []\ns.append(s)\nt = ['x']\n" + "t = [t, t]\n" * 40
            + "def of(v):\n    return max(v), sorted(v), repr(v), 'x'.startswith(v), round(1, v), '%s' % v\n"
            "def handler(event, context):\n    of(s)\n    of(t)\n"
            "    re.sub('" + "a?" * 60 + "a" * 60 + "', '', 'a' * 59)\n"
            "    return 'x' * 10**12, 'x'.zfill(10**12), f'{1:>{10**9}}', '%999999999d' % 1, round(5, -10**9)\n",
        ),
    ],
)  # fmt: skip
def test_hostile_arguments_end_quickly(tmp_path: Path, file: str, source: str) -> None:
    (tmp_path / file).write_text(source, encoding="utf-8")
    assert find_calls(Sources(str(tmp_path)), catalog(), {}, file, "handler").calls == ()
