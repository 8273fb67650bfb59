"""Every bound of the machine, reached: the function is not whole, and the notice and its place say what was cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from scopedown.calls import bounds
from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.source.resolve import units
from scopedown.source.sources import Sources

PYTHON = "import boto3\ns3 = boto3.client('s3')\n"
JAVASCRIPT = "const { S3 } = require('@aws-sdk/client-s3');\nconst s3 = new S3();\n"
GO = 'package main\n\nimport "github.com/aws/aws-lambda-go/lambda"\n\n'
RUST = (
    "use lambda_runtime::{run, service_fn, Error, LambdaEvent};\nuse serde_json::Value;\n"
    "#[tokio::main]\nasync fn main() -> Result<(), Error> { run(service_fn(handler)).await }\n"
)
CARGO = '[package]\nname = "app"\nversion = "0.1.0"\n[dependencies]\nlambda_runtime = "0.13"\n'


def lines(count: int, text: str) -> str:
    return "".join(text.replace("N", str(number)) for number in range(count))


def chain(count: int, calling: str) -> str:
    """Functions that each call the next one."""
    calls = "".join(f"def f{one}(): return {calling.format(f'f{one + 1}()')}\n" for one in range(count))
    return f"{calls}def f{count}(): s3.list_buckets()\n"


def package(count: int) -> dict[str, str]:
    names = ", ".join(f"'m{number}'" for number in range(count))
    return {"parts/__init__.py": f"__all__ = [{names}]\n", **{f"parts/m{number}.py": "" for number in range(count)}}


def installed(body: str) -> dict[str, str]:
    return {
        "package.json": '{"dependencies": {"shop": "1", "@aws-sdk/client-s3": "3"}}',
        "node_modules/shop/package.json":
            '{"name": "shop", "version": "1.0.0", "main": "index.js", "dependencies": {"@aws-sdk/client-s3": "3"}}',
        "node_modules/shop/index.js": f"require('./a');\nrequire('./b');\n{body}",
        "node_modules/shop/a.js": f"require('@aws-sdk/client-s3');\n{body}",
        "node_modules/shop/b.js": "require('./c');\n",
        "node_modules/shop/c.js": "exports.x = 1;\n",
        "node_modules/shop/d.js": "require('@aws-sdk/client-s3');\n",
    }  # fmt: skip


CASES: dict[str, tuple[int | None, str, str, dict[str, str]]] = {
    # the bound: (a smaller number for the test, the handler's file, its code, further files)
    "contexts": (
        None,
        "app.py",
        PYTHON
        + "def put(o): s3.get_object(**o)\ndef handler(event, context):\n"
        + lines(60, "    put({'Bucket': 'bN', 'Key': 'k'})\n"),
        {},
    ),
    "merged": (
        None,
        "app.py",
        PYTHON
        + "def is_it(o): return o == 't50'\ndef handler(event, context):\n"
        + lines(60, "    if is_it('tN'): s3.list_buckets()\n"),
        {},
    ),
    "depth": (None, "app.py", PYTHON + chain(60, "{}") + "def handler(event, context): f0()\n", {}),
    "steps": (
        500,
        "app.js",
        JAVASCRIPT + "exports.handler = async () => {\n" + "s3.listBuckets({});\n" * 400 + "}",
        {},
    ),
    "recursion": (
        1000,
        "app.py",
        PYTHON + chain(44, "[" * 85 + "{}" + "]" * 85) + "def handler(event, context):\n    f0()\n",
        {},
    ),
    "rounds": (
        None,
        "app.py",
        PYTHON + "def handler(event, context):\n    q = [[]]\n    while q: q.append([q.pop()])\n",
        {},
    ),
    "named": (
        20,
        "app.py",
        PYTHON
        + "def handler(event, context):\n"
        + lines(20, "    listN = []\n")
        + "    while event['more']():\n"
        + lines(20, "        print(listN)\n")
        + "        s3.list_buckets()\n",
        {},
    ),
    "values": (
        20,
        "app.py",
        PYTHON
        + lines(30, "def fN(): s3.get_object(Bucket='bN', Key='k')\n")
        + "TABLE = {"
        + lines(30, "'N': fN, ")
        + "}\ndef handler(event, context): TABLE[event['n']]()\n",
        {},
    ),
    "nested": (
        None,
        "app.py",
        PYTHON + "import unread\ndef f(x): s3.list_buckets()\ndef handler(event, context):\n"
        "    unread.use([[[[[[[[f]]]]]]]])\n",
        {},
    ),
    "thrown": (
        None,
        "app.py",
        PYTHON
        + lines(20, "class EN(Exception):\n    def run(self): s3.list_buckets()\n")
        + "def handler(event, context):\n"
        + lines(20, "    try: raise EN()\n    except Exception as e: e.run()\n"),
        {},
    ),
    "stored": (
        None,
        "app.py",
        PYTHON
        + "from flask import g\ndef handler(event, context):\n"
        + lines(20, "    g.client = boto3.client('s3', region_name='rN')\n")
        + "    g.client.list_buckets()\n",
        {},
    ),
    "held": (
        None,
        "app.py",
        PYTHON
        + "import queue\nq = queue.Queue()\n"
        + lines(40, "def fN(): s3.get_object(Bucket='bN', Key='k')\n")
        + "def handler(event, context):\n"
        + lines(40, "    q.put(fN)\n")
        + "    q.get()()\n",
        {},
    ),
    "events": (
        20,
        "app.js",
        JAVASCRIPT
        + "const { EventEmitter } = require('events');\nconst e = new EventEmitter();\n"
        + lines(30, "e.on('eN', () => s3.listBuckets({}));\n")
        + "exports.handler = async () => e.emit('e29');\n",
        {},
    ),
    "listed": (
        None,
        "app.py",
        PYTHON + "from parts import *\ndef handler(event, context): s3.list_buckets()\n",
        package(70),
    ),
    "installed": (2, "app.js", "require('shop');\nexports.handler = async () => {};\n", installed("")),
    "installed-steps": (
        20,
        "app.js",
        "require('shop');\nrequire('shop/d');\nexports.handler = async () => {};\n",
        installed("f(1);\n" * 60),
    ),
    "unit": (
        None,
        "src/Function.cs",
        "using Amazon.S3;\nnamespace App;\npublic class Function { public void handler(string s) { Other.Run(); } }",
        {
            "src/src.csproj": '<Project Sdk="Microsoft.NET.Sdk"></Project>',
            **{f"src/more/C{number}.cs": f"class C{number} {{}}" for number in range(5)},
        },
    ),
    "site-files": (
        1,
        "app.py",
        PYTHON + "import other\ndef handler(event, context): s3.list_buckets()\n",
        {"other.py": "x = 1\n"},
    ),
    "sites": (
        2,
        "app.py",
        PYTHON
        + "def handler(event, context):\n    s3.list_buckets()\n    event.run(['f0', 'f1', 'f2', 'f3'])\n"
        + lines(4, "def fN(store):\n    store.put_object(Key=store)\n"),
        {},
    ),
    "variables": (
        2,
        "main.go",
        GO
        + "type T struct { n int }\n\nfunc handler() {\n\tt := &T{}\n"
        + lines(4, "\taN := t\n\tpN := &aN\n\t_ = pN\n")
        + "}\n\nfunc main() { lambda.Start(handler) }\n",
        {"go.mod": "module app\n"},
    ),
    "captured": (
        2,
        "app.rb",
        "require 'optparse'\nclass Job\n  def call; end\nend\ndef handler(event:, context:)\n"
        "  kept = OptionParser.new\n" + lines(4, "  kept.on(Job.new)\n") + "end\n",
        {},
    ),
    "loaded": (
        1,
        "app.rb",
        "def handler(event:, context:)\n  Part.run\nend\n",
        {"Gemfile": "", **{f"lib/p{number}.rb": "class Part\n  def self.run; end\nend\n" for number in range(3)}},
    ),
    "written": (
        2,
        "app.py",
        PYTHON + "def f(): s3.list_buckets()\ndef handler(event, context):\n"
        "    table = [1, 2, 3]\n    table[event['n']] = f\n    table[0]\n",
        {},
    ),
    "implementing": (
        2,
        "src/main.rs",
        RUST
        + "trait Shown { fn name() -> String; }\n"
        + lines(4, "struct PN;\nimpl Shown for PN { fn name() -> String { String::new() } }\n")
        + "struct Holder<T: Shown> { held: T }\nimpl<T: Shown> Holder<T> { fn show(&self) -> String { T::name() } }\n"
        "async fn handler(event: LambdaEvent<Value>) -> Result<(), Error> {\n"
        "    Holder { held: P0 }.show();\n    Ok(())\n}\n",
        {"Cargo.toml": CARGO},
    ),
    "attributes": (
        1,
        "src/main.rs",
        'mod a;\nmod b;\nlambda_appsync::appsync_lambda_main!("schema.gql");\n',
        {
            "Cargo.toml": CARGO + 'lambda-appsync = "0.8"\n',
            **{
                f"src/{name}.rs": "use lambda_appsync::appsync_operation;\n#[appsync_operation(query(x))]\n"
                "pub async fn x() -> Result<(), Error> { Ok(()) }\n"
                for name in "ab"
            },
        },
    ),
}


SYMBOLS = {".cs": "App.Function::handler", ".go": "main", ".rs": "main"}


def report(folder: Path, file: str, source: str, files: Mapping[str, str]) -> CallReport:
    for name, text in {file: source, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return find_calls(Sources(str(folder)), catalog(), {}, file, SYMBOLS.get(Path(file).suffix, "handler"))


@pytest.mark.parametrize("bound", bounds.BOUNDS, ids=lambda bound: bound.name)
def test_a_run_that_reaches_a_bound_is_not_whole_and_says_where(
    bound: bounds.Bound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    most, file, source, files = CASES[bound.name]
    if most is not None:
        monkeypatch.setattr(bound, "most", most)
    if bound is bounds.UNIT:
        monkeypatch.setattr(units, "MAX_FILES", 1)
    found = report(tmp_path, file, source, files)
    message = re.escape(bound.message).replace(r"\{most\}", f"{bound.most:,}").replace(r"\{what\}", ".+")
    (finding,) = [one for one in found.findings if re.fullmatch(message, one.message)]
    assert finding.code == "analysis-bound"
    assert finding.place is not None and finding.place.file
    assert any(part.what == finding.message and part.place == finding.place for part in found.unseen)


def test_bounds_have_names_of_their_own() -> None:
    assert len({bound.name for bound in bounds.BOUNDS}) == len(bounds.BOUNDS) == len(CASES)
