"""Node handlers are loaded and called as Lambda does."""

from __future__ import annotations

import json
import shutil
import time
import zipfile
from pathlib import Path

import pytest

from prove.functions.local_aws import one_of, run_in, service

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node was not found")


def test_an_async_handler_gives_its_result_and_knows_its_name(tmp_path: Path) -> None:
    ran = one_of(tmp_path, "exports.handler = async (event, context) => [event, context.functionName];")
    assert (ran.outcome, json.loads(ran.result)) == ("ok", [{}, "sample-dev-one"])


def test_a_handler_calls_back(tmp_path: Path) -> None:
    ran = one_of(tmp_path, "module.exports.handler = (e, c, cb) => setTimeout(() => cb(null, 'later'), 5);")
    assert (ran.outcome, ran.result) == ("ok", '"later"')


def test_a_handler_calls_back_with_an_error(tmp_path: Path) -> None:
    ran = one_of(tmp_path, "exports.handler = (e, c, cb) => cb(new TypeError('no\\nway'));")
    assert (ran.outcome, ran.error_type, ran.error) == ("error", "TypeError", "no way")


def test_a_handler_that_does_nothing_ends_with_null(tmp_path: Path) -> None:
    assert one_of(tmp_path, "exports.handler = () => {};").result == "null"


def test_a_module_of_import_statements_is_loaded(tmp_path: Path) -> None:
    code = (
        "import { sep } from 'node:path';\nconst m = await Promise.resolve('m');\nexport const handler = async () => m;"
    )
    assert one_of(tmp_path, code, name="app.mjs").result == '"m"'


def test_a_response_is_streamed(tmp_path: Path) -> None:
    code = """
    exports.handler = awslambda.streamifyResponse(async (event, stream) => {
      const out = awslambda.HttpResponseStream.from(stream, { statusCode: 200 });
      out.write('one ');
      out.end('two');
    });"""
    assert one_of(tmp_path, code).result == '"one two"'


def test_an_error_of_the_handler_is_told_with_its_log(tmp_path: Path) -> None:
    ran = one_of(tmp_path, "exports.handler = async () => { console.log('before'); throw new RangeError('too far'); };")
    assert (ran.outcome, ran.error_type, ran.error) == ("error", "RangeError", "too far")
    assert "before" in ran.log and "app.js:1" in ran.log


def test_a_rejection_that_nobody_handles_is_an_error(tmp_path: Path) -> None:
    code = """
    exports.handler = () => {
      Promise.reject(new Error('lost'));
      return new Promise(() => setTimeout(() => {}, 9000));
    };"""
    ran = one_of(tmp_path, code)
    assert (ran.outcome, ran.error) == ("error", "lost")


def test_a_process_that_ends_itself_is_told(tmp_path: Path) -> None:
    ran = one_of(tmp_path, "exports.handler = async () => process.exit(3);")
    assert (ran.outcome, ran.error_type) == ("exit", "exit 3")


def has_ended(status: Path) -> bool:
    """Whether a killed process ends: on a busy machine the system takes a moment for it."""
    for _ in range(200):
        try:
            if "Z (zombie)" in status.read_text(encoding="utf-8"):
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_a_hanging_handler_ends_with_its_time_and_all_that_it_started(tmp_path: Path) -> None:
    code = """
    const { spawn } = require('node:child_process');
    exports.handler = async () => {
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      console.log(`child ${child.pid}`);
      await new Promise(() => setInterval(() => {}, 1000));
    };"""
    ran = one_of(tmp_path, code, timeout=1.0)
    assert (ran.outcome, ran.error) == ("timeout", "its handler did not end within 1 s")
    child = ran.log.split("child ")[1].split()[0]
    assert has_ended(Path(f"/proc/{child}/status"))


def test_a_missing_module_is_named_with_what_to_do(tmp_path: Path) -> None:
    files = {
        "serverless.yml": service("  one: {handler: app.handler, events: [{schedule: rate(1 day)}, {sns: topic}]}\n"),
        "app.js": "require('left-pad'); exports.handler = async () => 1;",
    }
    found = run_in(tmp_path, files)["one"]
    assert not found.ran
    assert found.why_not == "Cannot find module 'left-pad': node_modules is missing: run npm ci"
    assert [one.outcome for one in found.events] == ["load"], "the second event would fail in the same way"


def test_code_that_throws_while_it_loads_did_not_run(tmp_path: Path) -> None:
    files = {
        "serverless.yml": service("  one: {handler: app.handler}\n  two: {handler: app.other}\n"),
        "app.js": "if (process.env._HANDLER.endsWith('.handler')) throw new TypeError('at import'); exports.one = 1;",
    }
    found = run_in(tmp_path, files)
    assert found["one"].why_not == "it could not be loaded: TypeError: at import"
    assert found["two"].why_not == (
        "it could not be loaded: Runtime.HandlerNotFound: app.other is undefined or not exported"
    )


def test_the_environment_is_the_functions_and_lambdas_and_nobody_elses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "private")
    monkeypatch.setenv("PRIVATE", "private")
    names = ["TABLE", "QUEUE", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_PROFILE", "PRIVATE"]
    more = "  environment: {TABLE: {Ref: Todos}, QUEUE: '${env:NOT_SET, \"none\"}'}\n"
    resources = "resources:\n  Resources:\n    Todos: {Type: 'AWS::DynamoDB::Table', Properties: {}}\n"
    files = {
        "serverless.yml": service("  one: {handler: app.handler}\n", more=more) + resources,
        "app.js": f"exports.handler = async () => {names}.map((name) => process.env[name] || null);",
    }
    seen = run_in(tmp_path, files)["one"].events[0]
    assert json.loads(seen.result) == ["todos", "none", "us-east-1", "ASIASAMPLE", "token", None, None]


def test_what_the_framework_packaged_is_what_runs(tmp_path: Path) -> None:
    files = {
        "serverless.yml": service("  one: {handler: dist/app.handler}\n"),
        "dist/app.js": "exports.handler = async () => 'source';",
    }
    (tmp_path / ".serverless").mkdir()
    with zipfile.ZipFile(tmp_path / ".serverless" / "sample.zip", "w") as archive:
        archive.writestr("dist/app.js", "exports.handler = async () => 'packaged';")
    found = run_in(tmp_path, files)["one"]
    assert (found.code, found.events[0].result) == (".serverless/sample.zip", '"packaged"')


def test_a_broken_package_is_told(tmp_path: Path) -> None:
    (tmp_path / ".serverless").mkdir()
    (tmp_path / ".serverless" / "sample.zip").write_bytes(b"no archive")
    files = {"serverless.yml": service("  one: {handler: app.handler}\n"), "app.js": ""}
    why = run_in(tmp_path, files)["one"].why_not
    assert why.startswith(".serverless/sample.zip is broken and cannot be unpacked: ")


def test_a_package_of_empty_files_is_named(tmp_path: Path) -> None:
    (tmp_path / ".serverless").mkdir()
    with zipfile.ZipFile(tmp_path / ".serverless" / "sample.zip", "w") as archive:
        archive.writestr("app.js", "")
    files = {"serverless.yml": service("  one: {handler: app.handler}\n"), "app.js": ""}
    assert run_in(tmp_path, files)["one"].why_not == ".serverless/sample.zip holds empty files only"


def test_a_layer_of_the_project_is_found(tmp_path: Path) -> None:
    config = (
        service("  one: {handler: app.handler, layers: [{Ref: OwnLambdaLayer}]}\n") + "layers: {own: {path: own}}\n"
    )
    files = {
        "serverless.yml": config,
        "app.js": "exports.handler = async () => require('of-layer');",
        "own/nodejs/node_modules/of-layer/index.js": "module.exports = 'from the layer';",
    }
    assert run_in(tmp_path, files)["one"].events[0].result == '"from the layer"'


def test_inline_code_of_a_template_runs(tmp_path: Path) -> None:
    template = """
Resources:
  Greet:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs20.x
      Handler: index.handler
      Role: arn:aws:iam::123456789012:role/any
      Code:
        ZipFile: |
          exports.handler = async () => 'inline';
"""
    assert run_in(tmp_path, {"template.yaml": template})["Greet"].events[0].result == '"inline"'


def test_a_handler_without_a_file_is_told(tmp_path: Path) -> None:
    found = run_in(tmp_path, {"serverless.yml": service("  one: {handler: dist/app.handler}\n")})["one"]
    assert found.why_not == "dist/app.handler names a file that does not exist: package or build the project first"


def test_the_events_that_a_user_gives_are_run_in_order(tmp_path: Path) -> None:
    files = {
        "serverless.yml": service("  one: {handler: app.handler, events: [{sns: topic}]}\n"),
        "app.js": "exports.handler = async (event) => event;",
        "events/one/b.json": '{"n": 2}',
        "events/one/a.json": '\ufeff{"n": 1}',
    }
    seen: list[tuple[str, str]] = []
    found = run_in(
        tmp_path, files, events=tmp_path / "events", on_progress=lambda function, event: seen.append((function, event))
    )["one"]
    assert [(one.event, one.result) for one in found.events] == [("one/a.json", '{"n":1}'), ("one/b.json", '{"n":2}')]
    assert seen == [("one", "one/a.json"), ("one", "one/b.json")]


def test_typescript_that_nobody_packaged_is_compiled_by_the_projects_own_compiler(tmp_path: Path) -> None:
    files = {
        "serverless.yml": service("  one: {handler: src/app.handler}\n"),
        "src/app.ts": "export const handler = async (): Promise<string> => 'typed';\n",
        "node_modules/esbuild/index.js": (
            "exports.transformSync = (text) => ({ code: text.replace(': Promise<string>', '')"
            ".replace('export const handler', 'exports.handler') });"
        ),
    }
    assert run_in(tmp_path, files)["one"].events[0].result == '"typed"'


def test_a_module_that_may_be_in_a_layer_of_others_is_told_so(tmp_path: Path) -> None:
    layers = "['arn:aws:lambda:us-east-1:123456789012:layer:tools:3']"
    files = {
        "serverless.yml": service(f"  one: {{handler: app.handler, layers: {layers}}}\n"),
        "app.js": "require('of-tools');",
    }
    assert run_in(tmp_path, files)["one"].why_not == (
        "Cannot find module 'of-tools': it may be in the layer tools, which is not installed; "
        "install it to run the function"
    )


def test_a_function_that_hangs_again_and_again_is_given_up(tmp_path: Path) -> None:
    files = {
        "serverless.yml": service("  one: {handler: app.handler, events: [{sns: a}, {sns: b}, {sns: c}, {sns: d}]}\n"),
        "app.js": "exports.handler = async () => new Promise(() => setInterval(() => {}, 1000));",
    }
    found = run_in(tmp_path, files, timeout=1.0)["one"]
    assert [one.outcome for one in found.events] == ["timeout", "timeout"]
    assert found.ran
    assert "2 more events were not run: 2 did not end in time" in found.notes
