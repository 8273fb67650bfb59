"""Modules that are not at their place: installed packages, and files that stand once elsewhere in the project."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from scopedown.calls import bounds
from scopedown.calls.find import find_calls
from scopedown.calls.model import CallReport
from scopedown.catalog.load import catalog
from scopedown.source.sources import Sources

CLIENT = "const { S3 } = require('@aws-sdk/client-s3');\n"
WRITES = CLIENT + "exports.save = (Bucket) => new S3({}).putObject({ Bucket, Key: 'k' });\n"
USES = "const { save } = require('acme-store');\nexports.handler = () => save('b');\n"


def report_on(folder: Path, file: str, files: Mapping[str, Any], **options: Any) -> CallReport:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return find_calls(Sources(str(folder), **options), catalog(), {}, file, "handler")


def found(report: CallReport) -> list[str]:
    return [call.name for call in report.calls]


# installed packages


@pytest.mark.parametrize(
    "package",
    [
        {"main": "index.js", "dependencies": {"@aws-sdk/client-s3": "3"}},
        {"main": "index.js", "peerDependencies": {"aws-sdk": "2"}},
        {"main": "index.js"},
        {"exports": {".": {"import": "./index.mjs", "require": "./index.js"}}},
        {"private": True},
    ],
)
def test_an_installed_package_that_imports_an_sdk_is_read(tmp_path: Path, package: Any) -> None:
    files = {"node_modules/acme-store/package.json": {"name": "acme-store", **package}}
    report = report_on(tmp_path, "app.js", {**files, "node_modules/acme-store/index.js": WRITES, "app.js": USES})
    assert found(report) == ["s3.PutObject"]
    assert str(report.calls[0].arguments["Bucket"]) == "b"
    assert report.not_analysed == ()


def test_one_that_reaches_an_sdk_through_another_is_read(tmp_path: Path) -> None:
    files = {
        "app.js": USES,
        "node_modules/acme-store/package.json": {"dependencies": {"acme-base": "1"}},
        "node_modules/acme-store/index.js": "module.exports = require('acme-base');",
        "node_modules/acme-base/package.json": {"dependencies": {"@aws-sdk/client-s3": "3"}},
        "node_modules/acme-base/index.js": WRITES,
    }
    assert found(report_on(tmp_path, "app.js", files)) == ["s3.PutObject"]


def test_one_without_an_sdk_is_left_out_and_what_it_is_given_runs(tmp_path: Path) -> None:
    files = {
        "app.js": CLIENT + "const wrap = require('acme-wrap');\n"
        "exports.handler = wrap(() => new S3({}).listBuckets({}));\n",
        "node_modules/acme-wrap/package.json": {"dependencies": {"left-pad": "1"}},
        "node_modules/acme-wrap/index.js": "module.exports = (f) => () => null;",
    }
    report = report_on(tmp_path, "app.js", files)
    assert found(report) == ["s3.ListBuckets"]
    assert report.not_analysed == ("acme-wrap",)
    assert report.files == ("app.js",)


@pytest.mark.parametrize(
    "wrap",
    [
        "module.exports = (f) => globalThis.registry.wrap(f);",
        "module.exports = (f) => { const kept = new Map(); return (e) => kept.get(e)(f); };",
        "module.exports = (f) => async (e) => f(e);",
    ],
)
def test_what_a_package_is_given_runs_however_little_of_it_is_understood(tmp_path: Path, wrap: str) -> None:
    files = {
        "app.js": CLIENT + "const wrap = require('acme-wrap');\n"
        "exports.handler = wrap(async () => new S3({}).listBuckets({}));\n",
        "node_modules/acme-wrap/package.json": {"dependencies": {"@aws-sdk/client-sns": "3"}},
        "node_modules/acme-wrap/index.js": wrap,
    }
    assert found(report_on(tmp_path, "app.js", files)) == ["s3.ListBuckets"]


def test_a_package_that_is_read_and_makes_no_call_that_is_understood_is_told(tmp_path: Path) -> None:
    package = {"name": "@acme/store", "dependencies": {"@aws-sdk/client-s3": "3"}}
    files = {
        "app.js": "const s = require('@acme/store');\nexports.handler = () => s.save('b');\n",
        "node_modules/@acme/store/package.json": package,
        "node_modules/@acme/store/index.js": "exports.save = (b) => globalThis.clients[b].putObject({ Bucket: b });",
    }
    assert report_on(tmp_path, "app.js", files).not_analysed == ("@acme/store",)
    files["node_modules/@acme/store/index.js"] = WRITES
    assert report_on(tmp_path, "app.js", files).not_analysed == ()


def test_the_sdk_itself_is_never_read(tmp_path: Path) -> None:
    files = {
        "app.js": CLIENT + "exports.handler = () => new S3({}).listBuckets({});",
        "node_modules/@aws-sdk/client-s3/package.json": {"main": "index.js"},
        "node_modules/@aws-sdk/client-s3/index.js": "exports.S3 = class { listBuckets() {} };",
    }
    report = report_on(tmp_path, "app.js", files)
    assert found(report) == ["s3.ListBuckets"] and report.files == ("app.js",)


@pytest.mark.parametrize(
    "place", ["layer/nodejs/node_modules", "layer/nodejs/node20/node_modules", "layer/node_modules"]
)
def test_packages_of_a_layer(tmp_path: Path, place: str) -> None:
    files = {"src/app.js": USES, f"{place}/acme-store/index.js": WRITES}
    report = report_on(tmp_path, "src/app.js", files, package="src", layers=["layer"])
    assert found(report) == ["s3.PutObject"]


SAVES = "import boto3\n\ndef save(bucket):\n    boto3.client('s3').put_object(Bucket=bucket, Key='k')\n"
CALLS = "from acme.store import save\n\ndef handler(event, context):\n    save('b')\n"


@pytest.mark.parametrize(
    "place",
    [
        "vendored",
        "vendor",
        ".venv/lib/python3.12/site-packages",
        "layer/python/lib/python3.12/site-packages",
        "layer/python",
    ],
)
def test_installed_python_packages_that_import_an_sdk_are_read(tmp_path: Path, place: str) -> None:
    files = {"app.py": CALLS, f"{place}/acme/__init__.py": "", f"{place}/acme/store.py": SAVES}
    assert found(report_on(tmp_path, "app.py", files, layers=["layer"])) == ["s3.PutObject"]


INFORMATION = "acme-1.0.dist-info"


@pytest.mark.parametrize(
    ("code", "requires", "calls"),
    [
        (SAVES, "", ["s3.PutObject"]),
        ("def save(bucket):\n    pass\n", "Requires-Dist: boto3 (>=1.0)", []),
        ("import requests\n\ndef save(bucket):\n    pass\n", "Requires-Dist: requests", []),
    ],
)
def test_packages_that_pip_put_beside_the_handler(tmp_path: Path, code: str, requires: str, calls: list[str]) -> None:
    files = {
        "fn/app.py": CALLS,
        "fn/acme/__init__.py": "",
        "fn/acme/store.py": code,
        f"fn/{INFORMATION}/RECORD": "acme/__init__.py,sha256=x,0\nacme/store.py,,\n",
        f"fn/{INFORMATION}/METADATA": f"Name: acme\n{requires}\n",
    }
    report = report_on(tmp_path, "fn/app.py", files, package="fn")
    assert found(report) == calls
    is_read = "fn/acme/store.py" in report.files
    assert is_read == ("boto3" in code + requires)
    assert report.not_analysed == (("acme",) if "boto3" in requires else ())
    assert report.harmless == (("acme",) if "requests" in requires else ())


def test_no_more_files_of_packages_are_read_than_the_bound_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds.INSTALLED, "most", 5)
    chain = {f"node_modules/big/f{i}.js": f"exports.next = require('./f{i + 1}');" for i in range(50)}
    files = {
        "app.js": CLIENT + "require('big');\nexports.handler = () => new S3({}).listBuckets({});",
        "node_modules/big/package.json": {"main": "f0.js", "dependencies": {"aws-sdk": "2"}},
        **chain,
    }
    report = report_on(tmp_path, "app.js", files)
    assert found(report) == ["s3.ListBuckets"]
    assert len(report.files) == 6 and [one.code for one in report.findings] == ["analysis-bound"]


# elsewhere


@pytest.mark.parametrize(
    ("importer", "specifier", "file"),
    [
        ("functions/a/app.js", "./lib/store", "shared/lib/store.js"),
        ("functions/a/app.js", "../lib/store", "shared/lib/store.js"),
        ("functions/a/app.js", "./store", "shared/lib/store.js"),
        ("functions/a/app.js", "@/lib/store", "shared/lib/store.js"),
        ("functions/a/app.js", "~/store", "shared/lib/store.js"),
        ("functions/a/app.js", "/opt/nodejs/store", "shared/lib/store.js"),
        ("functions/a/app.js", "./Lib/Store", "shared/lib/store.js"),
        ("functions/a/app.js", "./folder", "shared/folder/index.ts"),
        ("functions/a/app.js", "./models/user.js", "shared/models/user.ts"),
        ("functions/a/app.js", "./twice", None),
        ("functions/a/app.js", "./checks", None),
        ("functions/a/app.js", "./index", None),
        ("functions/a/app.js", "store", None),
        ("functions/a/app.js", "@acme/store", None),
        ("functions/a/app.py", "models", "shared/models.py"),
        ("functions/a/app.py", "python.deep", "shared/python/deep.py"),
        ("functions/a/app.py", "python", "shared/python/"),
        ("functions/a/app.py", ".models", "shared/models.py"),
        ("functions/a/app.py", "wanted", None),
        ("functions/a/app.py", "jwt", None),
        ("functions/a/app.py", "both", None),
        ("functions/a/app.py", "inner", "libs/package/inner.py"),
        ("other/app.py", "inner", None),
        ("libs/package/app.py", "inner", "libs/package/inner.py"),
        ("functions/a/app.py", "package.inner", "libs/package/inner.py"),
    ],
)
def test_a_file_that_stands_once_elsewhere(tmp_path: Path, importer: str, specifier: str, file: str | None) -> None:
    names = [
        "shared/lib/store.js", "shared/folder/index.ts", "shared/models/user.ts", "a/twice.js", "b/twice.ts",
        "tests/checks.js", "shared/index.js", "shared/models.py", "shared/python/deep.py", "shared/wanted.py",
        "shared/jwt.py", "one/both.py", "two/both/__init__.py", "libs/package/__init__.py",
        "libs/package/inner.py",
        "other/__init__.py", importer,
    ]  # fmt: skip
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "requirements.txt").write_text("PyJWT>=2\nwanted==1\n")
    language = "python" if importer.endswith(".py") else "javascript"
    beyond = Sources(str(tmp_path)).beyond(specifier, importer, language)
    assert (beyond.file if beyond is not None else None) == file


def test_a_name_that_the_package_does_not_ask_for_may_be_a_file(tmp_path: Path) -> None:
    files = {"package.json": {"dependencies": {"asked": "1"}}, "src/app.js": "", "lib/asked.js": "", "lib/own.js": ""}
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(json.dumps(content))
    sources = Sources(str(tmp_path))
    assert sources.beyond("asked", "src/app.js", "javascript") is None
    beyond = sources.beyond("own", "src/app.js", "javascript")
    assert beyond is not None and beyond.file == "lib/own.js"


def test_the_standard_library_comes_before_a_file_elsewhere(python_report: Callable[..., CallReport]) -> None:
    report = python_report("import queue\ndef handler(e, c): pass\n", files={"lib/queue.py": "x = 1"})
    assert report.files == ("app.py",) and report.findings == ()


def test_it_is_told_that_a_file_elsewhere_was_read(python_report: Callable[..., CallReport]) -> None:
    source = "from models import save\ndef handler(event, context):\n    save('b')\n"
    report = python_report(source, files={"shared/models.py": SAVES})
    assert [call.name for call in report.calls] == ["s3.PutObject"]
    (finding,) = report.findings
    assert (finding.code, str(finding.place), str(finding.severity)) == ("module-elsewhere", "app.py:1:1", "note")
    assert "shared/models.py" in finding.message


# hostile projects


def test_loops_of_links_end(tmp_path: Path) -> None:
    for name in ("a", "node_modules/pkg", "packages/x"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "back").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.js").symlink_to(tmp_path / "self.js")
    (tmp_path / "node_modules/loop").symlink_to(tmp_path / "node_modules/loop")
    (tmp_path / "package.json").write_text('{"workspaces": ["**", "packages/**/back/**"]}')
    source = "require('./self'); require('loop'); require('pkg'); require('./a/back/a/back/b'); require('./gone');\n"
    report = report_on(tmp_path, "app.js", {"app.js": source + "exports.handler = () => 1;"})
    assert report.calls == ()


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.js").write_text(WRITES)
    (outside / "secret.json").write_text('{"bucket": "b"}')
    inside = tmp_path / "repository"
    (inside / ".git").mkdir(parents=True)
    (inside / "linked").symlink_to(outside, target_is_directory=True)
    source = (
        "require('./linked/secret').save('b'); require('../outside/secret').save('b');\n"
        + CLIENT
        + "exports.handler = () => new S3({}).getObject({ Bucket: require('../outside/secret.json').bucket });"
    )
    report = report_on(inside, "app.js", {"app.js": source})
    assert [call.name for call in report.calls] == ["s3.GetObject"]
    assert report.calls[0].arguments["Bucket"] != "b" and report.files == ("app.js",)


@pytest.mark.parametrize(
    "package",
    [
        {"exports": {"import": {"import": {"import": "./x.js"}}}},
        {"exports": {".": [[[[[["./x.js"]]]]]]}},
        {"exports": {f"./{i}/*": f"./{i}/*.js" for i in range(3000)}},
        {"imports": {"#a": "#a", "#b": "#a"}},
        {"main": "./", "module": ".", "source": ".."},
        {"main": "x\0y", "name": "\ud800"},
        {"workspaces": ["../../..", "/", "**/**/**/**/*", "[", "{a,b"]},
        {"name": 7, "dependencies": [], "exports": 7, "imports": [], "workspaces": 7, "_moduleAliases": 7},
        [],
        "not JSON",
    ],
)
def test_a_hostile_package_does_no_harm(tmp_path: Path, package: Any) -> None:
    specifiers = (
        "me",
        "me/x",
        "#a",
        "#b",
        "./",
        ".",
        "..",
        "../..",
        "/",
        "//",
        "@",
        "@/",
        "@a",
        "a//b",
        "\\\\x",
        "C:\\x",
    )
    source = "\n".join(
        f"try {{ require({json.dumps(one)}) }} catch (e) {{}}" for one in (*specifiers, "x" * 5000, "\0")
    )
    files = {"package.json": package, "app.js": CLIENT + source + "exports.handler = () => new S3({}).listBuckets({});"}
    assert found(report_on(tmp_path, "app.js", files)) == ["s3.ListBuckets"]


@pytest.mark.parametrize(
    "config",
    [
        {"extends": "./tsconfig.json"},
        {"extends": ["./tsconfig", "..", "", "/etc/passwd", "@none/none"]},
        {"compilerOptions": {"paths": {"*": ["*"], "**": ["/*/*"], "a*": 7, "b": [7, None]}, "baseUrl": "/"}},
        {"compilerOptions": {"paths": [], "baseUrl": 7, "rootDirs": 7, "outDir": [], "rootDir": {}}},
        {"compilerOptions": {"outDir": ".", "rootDir": "..", "rootDirs": ["/", "."]}},
        {"references": [{"path": "./tsconfig.json"}, 7, {}]},
        '{"compilerOptions": {"paths": {' + "[" * 5000,
        '/* "' + "a" * 10000,
    ],
)
def test_a_hostile_tsconfig_does_no_harm(tmp_path: Path, config: Any) -> None:
    source = "import a from 'a'; import x from './gone'; import { S3 } from '@aws-sdk/client-s3';\n"
    files = {"tsconfig.json": config, "app.ts": source + "export const handler = () => new S3({}).listBuckets({});"}
    assert found(report_on(tmp_path, "app.ts", files)) == ["s3.ListBuckets"]


def test_windows_line_ends_and_separators(tmp_path: Path) -> None:
    files = {
        "tsconfig.json": '{\r\n  // a\r\n  "compilerOptions": { "paths": { "@lib/*": [".\\\\src\\\\*"] } }\r\n}\r\n',
        "src/app.js": "const { save } = require('..\\\\lib\\\\store');\r\nconst own = require('@lib/own');\r\n"
        "exports.handler = () => { save('b'); own.save('c'); };\r\n",
        "lib/store.js": WRITES.replace("\n", "\r\n"),
        "src/own.js": WRITES.replace("\n", "\r\n"),
    }
    report = report_on(tmp_path, "src/app.js", files)
    assert sorted(str(call.arguments["Bucket"]) for call in report.calls) == ["b", "c"]


def test_what_pip_put_above_the_function_is_a_package_too(tmp_path: Path) -> None:
    files = {
        "src/fn/app.py": "import boto3\n\ndef handler(event, context):\n    boto3.client('s3').list_buckets()\n",
        "src/boto3/__init__.py": "def client(name):\n    return make('s3').delete_bucket(Bucket='b')\n",
        "src/boto3-1.35.dist-info/RECORD": "boto3/__init__.py,,\n",
    }
    report = report_on(tmp_path, "src/fn/app.py", files, package="src/fn")
    assert found(report) == ["s3.ListBuckets"]
    assert not report.sites
