"""Whatever stands in a project's files: one clear line or a finding, never a traceback, never a hang."""

# ruff: noqa: E501  (hostile sources are one line each)
from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from scopedown.catalog.load import catalog
from scopedown.cli.main import cli
from scopedown.core.finding import ScopedownError, Severity
from scopedown.documents.document import Document, Files, parse_yaml
from scopedown.documents.nodes import ListNode, MapNode, clone
from scopedown.project.options import Options
from scopedown.project.serverless.read import read_serverless
from scopedown.scan import scan
from scopedown.scan.forms.report import report
from scopedown.scan.forms.statements import statements_yaml
from scopedown.scan.forms.table import print_scan

HEAD = "service: shop\nprovider: {name: aws, runtime: python3.12}\n"
ONE = HEAD + "functions: {f: {handler: app.handler}}\n"
NODE = ONE.replace("python3.12", "nodejs20.x")
PYTHON = 'import boto3\n\ndef handler(event, context):\n    boto3.client("s3").list_buckets()\n'
JAVASCRIPT = (
    'const {S3} = require("@aws-sdk/client-s3");\nconst s3 = new S3({});\n'
    "exports.handler = async (event) => { await s3.listBuckets({});\n%s\n};\n%s\n"
)
SECONDS = 60
"""Processor time for one scan, several times what it takes: a machine may be slow, but not hang."""

Scanned = tuple[int, dict[str, Any], str]


@pytest.fixture
def scanned(tmp_path: Path) -> Callable[..., Scanned]:
    """(exit code, JSON, what was said on stderr) of a project of these files."""

    def call(files: dict[str, str | bytes], *options: str, path: str = "") -> Scanned:
        for name, content in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        started = time.process_time()
        result = CliRunner().invoke(cli, ["scan", str(tmp_path / path), "--format", "json", *options])
        assert time.process_time() - started < SECONDS
        if isinstance(result.exception, ScopedownError):
            return 2, {}, str(result.exception.finding("error"))
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
        return result.exit_code, json.loads(result.stdout), result.stderr

    return call


def warnings(shown: dict[str, Any]) -> list[tuple[str, str | None, int | None]]:
    return [(one["code"], one["file"], one["line"]) for one in shown["warnings"]]


def actions(shown: dict[str, Any], function: int = 0) -> set[str]:
    return {one["action"] for one in shown["functions"][function]["permissions"] if one["origin"] == "code"}


class TestConfiguration:
    @pytest.mark.parametrize(
        ("text", "where", "words"),
        [
            ("service: [\n", "serverless.yml:2:1", "not valid YAML"),
            ("service: s\n\tprovider: x\n", "serverless.yml:2:1", "not valid YAML"),
            ("service: s\nservice: t\n", "serverless.yml:2:1", "repeats the key"),
            (ONE + "functions: {}\n", "serverless.yml:4:1", "repeats the key"),
            ("", "serverless.yml:1:1", "is empty"),
            (b"\x00\x01\x02" * 500, "serverless.yml:1:1", "not a text file"),
            (b"service: caf\xe9\n", "serverless.yml:1:13", "not UTF-8"),
            ("a: " + "[" * 10_000 + "]" * 10_000, "serverless.yml:1:", "nest"),
            ("{a: " * 10_000, "serverless.yml:1:", "nest"),
            ("x" * 17_000_000, "serverless.yml:1:1", "larger than"),
            ("service: s\n---\nservice: t\n", "serverless.yml:2:1", "more than one YAML document"),
            ("- 1\n", "serverless.yml:1:1", "is not a mapping"),
            ("service: s\nprovider: null\nfunctions: {}\n", "serverless.yml:2:1", "provider"),
        ],
    )
    def test_what_cannot_be_read_is_one_line_with_file_line_and_remedy(
        self, scanned: Callable[..., Scanned], text: str | bytes, where: str, words: str
    ) -> None:
        code, _, said = scanned({"serverless.yml": text})
        assert code == 2 and said.startswith(where) and words in said
        assert "\n" not in said and said.endswith(")")

    def test_json_is_refused_as_clearly(self, scanned: Callable[..., Scanned]) -> None:
        assert "nested" in scanned({"serverless.json": '{"service":' + "[" * 10_000 + "]" * 10_000 + "}"})[2]
        assert scanned({"serverless.json": '{"service": }'})[2].startswith("serverless.json:1:13")

    def test_five_megabytes_of_configuration_are_read(self, scanned: Callable[..., Scanned]) -> None:
        assert scanned({"serverless.yml": ONE + "# " + "x" * 5_000_000, "app.py": PYTHON})[0] == 0

    def test_no_project_and_no_such_path_say_what_to_name(
        self, scanned: Callable[..., Scanned], tmp_path: Path
    ) -> None:
        code, _, said = scanned({"readme.txt": "x"})
        assert code == 2 and "no project file was found" in said and "serverless.yml" in said and ".tf files" in said
        code, _, said = scanned({}, path="nowhere")
        assert code == 2 and "does not exist" in said and said.endswith(")")

    @pytest.mark.parametrize(
        ("value", "code", "words"),
        [
            ("${nosuch:x}", "variable-unknown-source", "nosuch"),
            ("${file(none.yml):a}", "variable", "none.yml"),
            ("${env:NOWHERE_AT_ALL}", "variable", "NOWHERE_AT_ALL"),
            ("${opt:nothing}", "variable", "nothing"),
            ("${self:custom.a}", "variable-cycle", "itself"),
            ("${self:custom.b}", "variable-cycle", "each other"),
            ("'${self:'", "", ""),
            ("${file(/dev/zero)}", "variable-file-broken", "regular file"),
            ("${file(pipe.yml)}", "variable-file-broken", "regular file"),
        ],
    )
    def test_a_variable_that_is_refused_is_a_finding_and_the_rest_is_read(
        self, scanned: Callable[..., Scanned], tmp_path: Path, value: str, code: str, words: str
    ) -> None:
        if "/dev/" in value and not Path("/dev/zero").exists():
            pytest.skip("this system has no /dev/zero")
        if "pipe" in value:
            if not hasattr(os, "mkfifo"):
                pytest.skip("this system has no named pipes")
            os.mkfifo(tmp_path / "pipe.yml")
        files = {"serverless.yml": ONE + f"custom:\n  b: ${{self:custom.a}}\n  a: {value}\n", "app.py": PYTHON}
        exit_code, shown, _ = scanned(files)
        assert exit_code == 0 and actions(shown) == {"s3:ListAllMyBuckets"}
        if code:
            (told, *_) = [one for one in shown["warnings"] if one["code"].startswith(code)]
            assert (
                words in told["message"] and told["file"] in ("serverless.yml", "pipe.yml", "../../dev/zero", None)
            ) or (told["file"].endswith("dev/zero"))
            assert told["remedy"]
            assert scanned(files, "--fail-on=unresolved")[0] == 1

    def test_alias_bombs_end_in_one_line(self, scanned: Callable[..., Scanned]) -> None:
        levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
        code, _, said = scanned({"serverless.yml": f"a0: &a0 [x]\n{levels}"})
        assert code == 2 and "expands to more than" in said

    def test_variables_that_double_end_in_a_finding(self, scanned: Callable[..., Scanned]) -> None:
        lines = "".join(f"  a{n}: ${{self:custom.a{n - 1}}}${{self:custom.a{n - 1}}}\n" for n in range(1, 60))
        code, shown, _ = scanned({"serverless.yml": f"{ONE}custom:\n  a0: xx\n{lines}", "app.py": PYTHON})
        assert code == 0 and any(one["code"].startswith("variable-too") for one in shown["warnings"])

    @pytest.mark.parametrize("text", [ONE.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + ONE.encode()])
    def test_line_ends_and_byte_order_marks_change_nothing(self, scanned: Callable[..., Scanned], text: bytes) -> None:
        source = PYTHON.replace("\n", "\r\n").encode()
        _, shown, _ = scanned({"serverless.yml": text, "app.py": b"\xef\xbb\xbf" + source})
        assert actions(shown) == {"s3:ListAllMyBuckets"} and shown["warnings"] == []
        assert shown["functions"][0]["permissions"][0]["because"][0]["line"] == 4

    def test_five_hundred_functions_stay_quick(self, scanned: Callable[..., Scanned]) -> None:
        lines = "".join(f"  f{n}: {{handler: app.handler}}\n" for n in range(500))
        started = time.process_time()
        _, shown, _ = scanned({"serverless.yml": f"{HEAD}functions:\n{lines}", "app.py": PYTHON})
        assert len(shown["functions"]) == 500 and time.process_time() - started < 10


class TestHandlers:
    @pytest.mark.parametrize(
        "handler",
        [
            "../x.handler",
            "/etc/passwd.handler",
            "..\\\\x.handler",
            "a/../../x.handler",
            "C:\\\\x.handler",
            "c:/x.handler",
        ],
    )
    @pytest.mark.parametrize("runtime", ["python3.12", "nodejs20.x"])
    def test_a_handler_outside_of_the_project_is_told_and_not_read(
        self, scanned: Callable[..., Scanned], tmp_path: Path, handler: str, runtime: str
    ) -> None:
        for name in ("x.py", "x.js"):
            (tmp_path / name).write_text(PYTHON if name.endswith("py") else JAVASCRIPT % ("", ""))
        config = ONE.replace("python3.12", runtime).replace("app.handler", f'"{handler}"')
        code, shown, _ = scanned({"inner/serverless.yml": config}, path="inner")
        assert code == 0 and actions(shown) == set() and shown["functions"][0]["handler"] is None
        (told,) = shown["warnings"]
        assert told["code"].startswith("handler") and told["remedy"] and told["line"] == 3

    @pytest.mark.parametrize(("handler", "line"), [("none.handler", 3), ("app.none", 1), ("app", 3)])
    def test_a_handler_that_does_not_exist_is_told(
        self, scanned: Callable[..., Scanned], handler: str, line: int
    ) -> None:
        _, shown, _ = scanned({"serverless.yml": ONE.replace("app.handler", handler), "app.py": PYTHON})
        (told,) = shown["warnings"]
        assert told["code"].startswith("handler") and told["line"] == line and told["remedy"]

    @pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege")
    def test_links_that_go_in_circles_end(self, scanned: Callable[..., Scanned], tmp_path: Path) -> None:
        (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
        (tmp_path / "self.py").symlink_to(tmp_path / "self.py")
        (tmp_path / "sub").mkdir()
        (tmp_path / "sub" / "up").symlink_to("..", target_is_directory=True)
        files = {
            "serverless.yml": ONE,
            "app.py": "import self\nfrom loop.loop import app\nimport sub.up.app\n" + PYTHON,
        }
        _, shown, _ = scanned(files)
        assert actions(shown) == {"s3:ListAllMyBuckets"}
        _, shown, _ = scanned(files, "--recursive")
        assert len(shown["projects"]) == 1
        (tmp_path / "app.py").unlink()
        (tmp_path / "app.py").symlink_to("app.py")
        assert scanned({"serverless.yml": ONE})[0] == 0


class TestSources:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (bytes(range(256)) * 20, "source-binary"),
            (b"#" * 5_000_000, "source-too-large"),
            (b"x = = ((\n", "source-syntax"),
            ("x = 'é'\n".encode("utf-16"), "source-binary"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_analysed(
        self, scanned: Callable[..., Scanned], content: bytes, code: str
    ) -> None:
        _, shown, _ = scanned({"serverless.yml": ONE, "app.py": "import other\n" + PYTHON, "other.py": content})
        assert actions(shown) == {"s3:ListAllMyBuckets"}
        (told,) = shown["warnings"]
        assert (told["code"], told["file"]) == (code, "other.py") and told["remedy"]

    @pytest.mark.parametrize("suffix", ["py", "js", "ts"])
    @pytest.mark.parametrize(
        ("content", "codes"),
        [
            (b"\x00\xff" * 5000, {"source-binary"}),
            (b"", {"handler-missing"}),
            (b"\n" * 5_000_000, {"source-too-large"}),
        ],
    )
    def test_a_handlers_file_that_is_none_is_named(
        self, scanned: Callable[..., Scanned], suffix: str, content: bytes, codes: set[str]
    ) -> None:
        _, shown, _ = scanned({"serverless.yml": ONE if suffix == "py" else NODE, f"app.{suffix}": content})
        assert {one["code"] for one in shown["warnings"]} == codes

    def test_text_that_is_not_utf8_is_analysed_all_the_same(self, scanned: Callable[..., Scanned]) -> None:
        _, shown, _ = scanned({"serverless.yml": ONE, "app.py": f"x = 'é'\n{PYTHON}".encode("latin-1")})
        assert actions(shown) == {"s3:ListAllMyBuckets"}

    @pytest.mark.parametrize("suffix", ["js", pytest.param("ts", marks=pytest.mark.slow)])
    def test_a_line_of_half_a_megabyte_keeps_its_columns_and_its_pace(
        self, scanned: Callable[..., Scanned], suffix: str
    ) -> None:
        """A minified bundle with one letter beyond ASCII once took minutes."""
        line = 'var s = "é";' + "a.b;" * 100_000 + "s3.listBuckets({});"
        source = JAVASCRIPT.replace("await s3.listBuckets({});\n%s", "%s") % (line, "")
        _, shown, _ = scanned({"serverless.yml": NODE, f"app.{suffix}": source})
        (permission,) = [one for one in shown["functions"][0]["permissions"] if one["origin"] == "code"]
        text = source.split("\n")[2]
        assert permission["because"][0]["column"] == text.index("s3.listBuckets") + 1


def body(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.split("\n"))


HOSTILE_PYTHON = {
    "nested parentheses": body(f"x = {'(' * 10_000}1{')' * 10_000}"),
    "nested lists": body(f"x = {'[' * 10_000}{']' * 10_000}"),
    "a sum of 50,000": body("x = " + "+".join(["1"] * 50_000)),
    "a chain of attributes": body("x = event" + ".a" * 10_000),
    "a chain of calls": body("x = event" + "()" * 10_000),
    "3,000 branches": body("if event == 0: x = 0") + "".join(f"    elif event == {n}: x = {n}\n" for n in range(3000)),
    "mutual recursion": "    a(event, 'x')\ndef a(x, y):\n    b(x, y + 'a'); b(x + 'b', y)\ndef b(x, y):\n    a(y, x + 'c')\n",
    "two ways at each of 60 steps": "    f0('')\n"
    + "".join(f"def f{n}(x):\n    f{n + 1}(x + 'a'); f{n + 1}(x + 'b')\n" for n in range(60)),
    "loops in loops": "".join(f"{'    ' * (n + 1)}for i{n} in range(1000):\n" for n in range(18)) + "    " * 19 + "f(i1)\n",
    "text that doubles": body("\n".join(["x = 'a'", *["x = x + x"] * 60])),
    "formatted text that doubles": body("\n".join(["x = 'a'", *["x = f'{x}{x}'"] * 60])),
    "unknown text that doubles": body("\n".join(["x = event['a']", *["x = f'{x}{x}'"] * 60])),
    "lists that double": body("\n".join(["x = [1]", *["x = x + x", "x = [*x, *x]"] * 40])),
    "huge numbers": body("x = 10**10**10\ny = 'a' * 10**12\nz = list(range(10**12))\nw = '%1000000000d' % 5"),
    "a giant literal": body("x = [" + ",".join(f"'{n}'" for n in range(60_000)) + "]"),
    "a structure that shares its parts": body(
        "\n".join(
            ["x = {'a': event}"]
            + ["x = {" + ",".join(f"'{n}': x" for n in range(12)) + "}"] * 12
            + ["boto3.client('dynamodb').put_item(TableName='t', Item=x)", "unseen(x)"]
        )
    ),
    "structures that hold themselves": body("x = {}\nx['x'] = x\ny = [x]\nx['y'] = y\nunseen(str(x), f'{y}', {**x}, [*y])"),
    "a fixed point": body("y = lambda g: (lambda x: g(lambda v: x(x)(v)))(lambda x: g(lambda v: x(x)(v)))\ny(lambda s: s)(0)"),
    "regular expressions": body("import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')\nre.sub('(a|a)*b', '', 'a' * 40)"),
    "products": body("import itertools\nx = list(itertools.product(range(1000), repeat=10))"),
    "1,000 classes": "    pass\nclass C0: pass\n" + "".join(f"class C{n}(C{n - 1}): pass\n" for n in range(1, 1000)) + "C999().x()\n",
    "a class that asks itself": "    A().x\nclass A:\n    def __getattr__(self, name): return getattr(self, name)\n",
}  # fmt: skip

HOSTILE_JAVASCRIPT = {
    "nested parentheses": (f"x = {'(' * 10_000}1{')' * 10_000}", ""),
    "nested blocks": ("{" * 10_000 + "}" * 10_000, ""),
    "nested objects": ("x = " + "{a:" * 10_000 + "1" + "}" * 10_000, ""),
    "a chain of attributes": ("x = event" + ".a" * 10_000, ""),
    "a chain of promises": ("event" + ".then(r => r)" * 3000, ""),
    "conditions in conditions": ("x = " + "event ? 1 : " * 5000 + "2", ""),
    "3,000 branches": ("if (event == 0) x = 0;" + "".join(f"else if (event == {n}) x = {n};" for n in range(3000)), ""),
    "300 cases": ("switch (event) {" + "".join(f"case {n}: x = {n};" for n in range(300)) + "}", ""),
    "3,000 cases": ("switch (event) {" + "".join(f"case {n}: x = {n};" for n in range(3000)) + "}", ""),
    "mutual recursion": ("a(event, 'x')", "function a(x,y){b(x,y+'a');b(x+'b',y)}function b(x,y){a(x,y+'c');a(y,x+'d')}"),
    "two ways at each of 60 steps": (
        "f0('')", "".join(f"function f{n}(x) {{ f{n + 1}(x + 'a'); f{n + 1}(x + 'b') }}\n" for n in range(60))),
    "loops in loops": ("".join(f"for (let i{n} = 0; i{n} < 1000; i{n}++)" for n in range(30)) + "g(i1)", ""),
    "everything that doubles": (
        "let t = 'a', u = 'a', l = [1], m = [1], o = {a: 1};"
        + "t = t + t; u = `${u}${u}`; l = [...l, ...l]; m = m.concat(m); o = {...o, b: o};" * 60, ""),
    "huge numbers": ("x = 'a'.repeat(1e12); y = new Array(1e12).fill(0); z = Array.from({length: 1e12}, (v, i) => i)", ""),
    "a structure that shares its parts": (
        "let x = event;" + "x = {a: x, b: x, c: x, d: x, e: x, f: x, g: x, h: x, i: x};" * 12
        + "unseen(x); await s3.putObject({Bucket: x}); JSON.stringify(x)", ""),
    "structures that hold themselves": ("const x = {}; x.x = x; const y = [x]; x.y = y; JSON.stringify(x); `${y}`", ""),
    "regular expressions": ("'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'.replace(/(a+)+$/, '').match(/(a|a)*c/)", ""),
    "a proxy of itself": ("const o = {get b() { return this.b + this.b }}; o.b; new Proxy(o, {get(t, k) { return t[k] }}).b", ""),
    "inheritance in a circle": ("const a = {}; a.__proto__ = a; a.x", "class A extends A {} new A().x;"),
}  # fmt: skip


class TestHostileCode:
    """Each ends within seconds, and the call that stands before the hostile part is found."""

    @pytest.mark.parametrize("name", HOSTILE_PYTHON)
    def test_python(self, scanned: Callable[..., Scanned], name: str) -> None:
        code, shown, _ = scanned({"serverless.yml": ONE, "app.py": PYTHON + HOSTILE_PYTHON[name]})
        assert code == 0 and "s3:ListAllMyBuckets" in actions(shown)

    @pytest.mark.parametrize("suffix", ["js", "ts"])
    @pytest.mark.parametrize(
        "name",
        [pytest.param(name, marks=[pytest.mark.slow] if name == "3,000 cases" else []) for name in HOSTILE_JAVASCRIPT],
    )
    def test_javascript(self, scanned: Callable[..., Scanned], name: str, suffix: str) -> None:
        code, shown, _ = scanned({"serverless.yml": NODE, f"app.{suffix}": JAVASCRIPT % HOSTILE_JAVASCRIPT[name]})
        assert code == 0 and "s3:ListAllMyBuckets" in actions(shown)

    def test_a_bound_that_is_hit_is_said(self, scanned: Callable[..., Scanned]) -> None:
        deep = HOSTILE_PYTHON["two ways at each of 60 steps"]
        _, shown, _ = scanned({"serverless.yml": ONE, "app.py": PYTHON + deep})
        assert {(code, file) for code, file, _ in warnings(shown)} == {("analysis-bound", "app.py")}
        assert all(line > 1 for _, _, line in warnings(shown)), "the notice names the place"

    def test_a_file_of_too_many_statements_is_said_where_it_ends(self, scanned: Callable[..., Scanned]) -> None:
        source = PYTHON + "x = 1\n" * 220_000
        _, shown, _ = scanned({"serverless.yml": ONE, "app.py": source})
        (told,) = shown["warnings"]
        assert told["code"] == "source-syntax" and told["line"] > 100_000 and "too large" in told["message"]
        assert actions(shown) == {"s3:ListAllMyBuckets"}

    @pytest.mark.parametrize("text", ["/*" * 100_000, '"\\' * 100_000, "," + " " * 200_000, '{"a": "' + "//" * 90_000])
    def test_a_hostile_tsconfig_is_passed_over(self, scanned: Callable[..., Scanned], text: str) -> None:
        files = {
            "serverless.yml": NODE,
            "tsconfig.json": text[:199_000],
            "app.ts": JAVASCRIPT % ("require('@x/y')", ""),
        }
        assert "s3:ListAllMyBuckets" in actions(scanned(files)[1])

    def test_a_hostile_dockerfile_is_passed_over(self, scanned: Callable[..., Scanned]) -> None:
        config = (
            HEAD.replace("python3.12", "python3.12, ecr: {images: {i: {path: .}}}") + "functions: {f: {image: i}}\n"
        )
        assert scanned({"serverless.yml": config, "Dockerfile": "\n" * 150_000 + "FROM" + " " * 40_000})[0] == 0


KITCHEN_SINK = """\
service: shop
frameworkVersion: "3"
useDotenv: true
custom: {table: "${self:service}-${sls:stage}"}
plugins: [serverless-iam-roles-per-function]
params: {default: {bucket: b1}}
package: {individually: true, patterns: ["!x"]}
provider:
  name: aws
  runtime: python3.12
  stage: dev
  region: eu-west-1
  kmsKeyArn: arn:aws:kms:eu-west-1:123456789012:key/abc
  deploymentBucket: {name: bucket}
  tags: {a: b}
  environment: {TABLE: "${self:custom.table}", Q: !Ref Queue}
  vpc: {securityGroupIds: [sg-1], subnetIds: [subnet-1]}
  tracing: {lambda: true}
  layers: [!Ref CommonLambdaLayer]
  logs: {restApi: true}
  httpApi: {authorizers: {a: {type: request, functionName: fn}}}
  s3: {bucketOne: {name: real-bucket}}
  ecr: {images: {img: {path: ./, file: Dockerfile}}}
  iam:
    role:
      name: rolename
      permissionsBoundary: arn:aws:iam::123456789012:policy/b
      managedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess", !Ref Managed]
      statements:
        - Sid: A
          Effect: Allow
          Action: ["dynamodb:GetItem"]
          Resource: [!GetAtt Table.Arn, {"Fn::Join": ["", ["arn:aws:s3:::", !Ref Bucket]]}]
          Condition: {StringEquals: {"aws:SourceAccount": "1"}}
functions:
  one:
    handler: app.handler
    name: named
    runtime: python3.12
    memorySize: 1
    role: OwnRole
    environment: {A: !Ref Table, C: !ImportValue abc}
    layers: [arn:aws:lambda:eu-west-1:123456789012:layer:l:1]
    vpc: {securityGroupIds: [sg-1], subnetIds: [subnet-1]}
    tracing: Active
    kmsKeyArn: arn:aws:kms:eu-west-1:123456789012:key/abc
    onError: !Ref Topic
    disableLogs: false
    destinations: {onSuccess: other, onFailure: {type: sqs, arn: !GetAtt Queue.Arn}}
    fileSystemConfig: {localMountPath: /mnt/a, arn: arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-1}
    url: {authorizer: aws_iam}
    events:
      - http: GET /a
      - http: {path: /b, method: get, authorizer: {name: other}}
      - httpApi: "*"
      - sqs: {arn: !GetAtt Queue.Arn, batchSize: 1}
      - sns: {arn: !Ref Topic, redrivePolicy: {deadLetterTargetRef: Queue}}
      - stream: {type: dynamodb, arn: !GetAtt Table.StreamArn, destinations: {onFailure: {type: sns, arn: !Ref Topic}}}
      - s3: {bucket: b, existing: true}
      - schedule: {rate: [rate(1 hour)], method: scheduler}
      - eventBridge: {eventBus: custom, pattern: {source: [a]}, deadLetterQueueArn: !GetAtt Queue.Arn}
      - msk: {arn: arn:aws:kafka:eu-west-1:123456789012:cluster/c/1, topic: t}
      - kafka: {accessConfigurations: {saslScram512Auth: arn:aws:secretsmanager:eu-west-1:123456789012:secret:s}, topic: t}
      - activemq: {arn: arn:aws:mq:eu-west-1:123456789012:broker:b, queue: q, basicAuthArn: arn:aws:secretsmanager:a:1:secret:s}
  other:
    handler: app.handler
    iamRoleStatements:
      - {Effect: Allow, Action: ["sqs:SendMessage"], Resource: !GetAtt Queue.Arn}
    iamRoleStatementsInherit: true
  image:
    image: {name: img, command: [app.handler]}
resources:
  Parameters: {P: {Type: String, Default: abc}}
  Mappings: {M: {a: {b: c}}}
  Conditions: {Cond: !Equals [!Ref P, abc]}
  Resources:
    Table: {Type: "AWS::DynamoDB::Table", Properties: {TableName: "${self:custom.table}", SSESpecification: {KMSMasterKeyId: !Ref Key}}}
    Queue: {Type: "AWS::SQS::Queue", Properties: {QueueName: !Sub "q-${P}", KmsMasterKeyId: !Ref Key}, DependsOn: Table}
    Topic: {Type: "AWS::SNS::Topic", Properties: {TopicName: !Join ["-", [a, !Ref P]]}}
    Bucket: {Type: "AWS::S3::Bucket", Properties: {BucketName: !FindInMap [M, a, b]}}
    Key: {Type: "AWS::KMS::Key"}
    Managed: {Type: "AWS::IAM::ManagedPolicy", Properties: {PolicyDocument: {Statement: []}}}
    OwnRole: {Type: "AWS::IAM::Role", Properties: {Policies: [{PolicyDocument: {Statement: [{Effect: Allow, Action: "s3:*", Resource: !If [Cond, a, !Ref "AWS::NoValue"]}]}}]}}
"""

WRONG: tuple[Any, ...] = (
    None, 5, -1.5, True, "", "x", "${self:nope}", "${ssm:/a}", "a\nb[red]", "${self:", [], [1], [None], ["x"], [[]], {},
    {"a": 1}, {"": None}, {"Ref": 5}, {"Ref": "Nope"}, {"Fn::GetAtt": 5}, {"Fn::GetAtt": ["Table"]}, {"Fn::Sub": []},
    {"Fn::Join": 5}, {"Fn::If": ["x"]}, {"Fn::Select": ["x", {}]}, {"Fn::FindInMap": ["M", {}, 5]}, 10**400,
    float("inf"), float("nan"),
)  # fmt: skip
"""Values of every type that a key may be given by mistake."""


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value under a tree."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


def written(value: Any, like: Any) -> Any:
    """A plain value as a document's reader would give it."""
    if isinstance(value, dict):
        made = MapNode({key: written(item, like) for key, item in value.items()}, like)
        made.keys_at = made.values_at = dict.fromkeys(value, like)
        return made
    if isinstance(value, list):
        items = ListNode([written(item, like) for item in value], like)
        items.items_at = [like] * len(value)
        return items
    return value


BASE = parse_yaml(KITCHEN_SINK, "serverless.yml").tree
PLACES = list(places(BASE))


@pytest.mark.parametrize(
    "turn", [pytest.param(turn, marks=[pytest.mark.slow] if turn % 3 else []) for turn in range(len(WRONG))]
)
def test_a_wrong_type_under_any_key_is_a_finding_or_one_line(tmp_path: Path, turn: int) -> None:
    """Every key meets wrong values by turns, every wrong value some keys; a longer run does them all.

    One turn in three is of the unmarked tests: the others put the same values under the keys between."""
    (tmp_path / "app.py").write_text(PYTHON, "utf-8")
    every = bool(os.environ.get("SCOPEDOWN_ALL_MUTATIONS"))
    failed = []
    for number, path in enumerate(PLACES):
        if not every and (number + turn) % len(WRONG):
            continue
        for wrong in WRONG[turn : turn + 1] if every else (WRONG[(number * 7 + turn) % len(WRONG)], WRONG[turn]):
            tree = clone(BASE)
            holder = tree
            for key in path[:-1]:
                holder = holder[key]
            holder[path[-1]] = written(wrong, BASE.place)
            try:
                problem = _problem_of(tmp_path, tree)
            except Exception as error:  # the very thing that must not be
                problem = f"{type(error).__name__}: {error}"[:200]
            if problem:
                failed.append((path, wrong, problem))
    assert failed == []


def _problem_of(folder: Path, tree: Any) -> str:
    """What is wrong with how a configuration is told of; empty: nothing."""
    try:
        document = Document(folder / "serverless.yml", "serverless.yml", tree)
        found = scan(read_serverless(document, Files(folder), Options()), catalog())
    except ScopedownError as error:
        line = str(error.finding("error"))
        return "" if error.place and error.remedy and "\n" not in line else f"refused without place or remedy: {line}"
    json.dumps(report(found))
    statements_yaml(found)
    print_scan(found, Console(file=StringIO(), width=100), explain=True)
    for finding in found.findings:
        if finding.place is None or (finding.severity is not Severity.NOTE and not finding.remedy):
            return f"told without place or remedy: {finding}"
    return ""
