"""``scopedown scan`` as people run it: options, output, exit codes, and what it leaves alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from command_line import PROGRAM, run, run_program

CONFIG = """\
service: shop
provider:
  name: aws
  runtime: python3.12
  environment:
    TABLE: !Ref Orders
functions:
  save:
    handler: app.save
  read:
    handler: app.read
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
"""
CODE = """\
import os
import boto3

open("marker", "w").write("this module was imported")
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def save(event, context):
    table.put_item(Item=event)


def read(event, context):
    boto3.client("sqs").send_message(QueueUrl=event["queue"], MessageBody="")
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "serverless.yml").write_text(CONFIG, "utf-8")
    (folder / "app.py").write_text(CODE, "utf-8")
    return folder


_OTHERS = [pytest.param(form, marks=pytest.mark.slow) for form in ("text", "yaml")]
"""Forms of which each run starts a program, and which differ from JSON in what is printed alone."""


def listing(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.stat().st_mode, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class TestOutput:
    def test_a_table_says_what_on_what_and_why_and_ends_with_a_summary(self, shop: Path) -> None:
        done = run(cwd=shop)
        assert (done.returncode, done.stderr) == (0, "")
        lines = done.stdout.splitlines()
        (put,) = [line for line in lines if "dynamodb:PutItem" in line]
        assert "${Orders.Arn}" in put and "app.py:9 dynamodb.PutItem (env:TABLE)" in put
        assert any("unresolved" in line and "app.py:13" in line for line in lines)
        assert (
            lines[-1]
            == "2 functions: 2 permissions from code, 4 from settings, 1 unresolved; --all shows the rows for logs"
        )

    def test_actions_that_share_everything_stand_in_one_row(self, shop: Path) -> None:
        done = run("--function", "save", "--all", cwd=shop, COLUMNS="200")
        assert done.stdout.count("log-group:/aws/lambda/shop-dev-save") == 2

    @pytest.mark.parametrize("columns", [40, 80, 100, 140])
    def test_nothing_is_cut_off_at_any_width(self, shop: Path, columns: int) -> None:
        done = run("--function", "save", "--all", cwd=shop, COLUMNS=str(columns))
        joined = "".join(line.strip() for line in done.stdout.splitlines())
        assert "…" not in done.stdout and "logs:CreateLogStream" in done.stdout
        if columns < 120:
            assert "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/" in joined
        told = [line for line in done.stdout.splitlines()[4:-2] if len(line) > columns]
        assert told == []

    def test_an_arn_keeps_its_colons(self, shop: Path) -> None:
        """rich would draw a picture for ``:secret:``."""
        code = (
            CODE + '\ndef key(event, context):\n    boto3.client("secretsmanager").get_secret_value(SecretId="abc")\n'
        )
        (shop / "app.py").write_text(code, "utf-8")
        (shop / "serverless.yml").write_text(CONFIG.replace("app.save", "app.key"), "utf-8")
        assert ":secret:abc" in run("--function", "save", cwd=shop, COLUMNS="200").stdout

    @pytest.mark.parametrize(
        "environment", [{}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"FORCE_COLOR": "0"}, {"TERM": "xterm-256color"}]
    )
    def test_no_escape_codes_without_a_terminal(self, shop: Path, environment: dict[str, str]) -> None:
        assert "\x1b" not in run(cwd=shop, **environment).stdout

    def test_force_color_gives_a_pipe_colours(self, shop: Path) -> None:
        assert "\x1b[1m" in run(cwd=shop, FORCE_COLOR="1").stdout

    @pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
    @pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
    def test_a_terminal_has_colours_unless_no_color_says_not(
        self, shop: Path, environment: dict[str, str], coloured: bool
    ) -> None:
        import pty

        parent, child = pty.openpty()
        variables = {**os.environ, "TERM": "xterm-256color", **environment}
        variables.pop("FORCE_COLOR", None)
        with subprocess.Popen([*PROGRAM, "scan"], cwd=shop, stdout=child, env=variables) as process:
            os.close(child)
            shown = b""
            while True:
                try:
                    chunk = os.read(parent, 65536)
                except OSError:  # Linux says so at the end
                    break
                if not chunk:
                    break
                shown += chunk
            process.wait(30)
        os.close(parent)
        assert b"dynamodb:PutItem" in shown and (b"\x1b[" in shown) == coloured

    def test_what_a_file_holds_cannot_command_the_terminal(self, shop: Path) -> None:
        config = CONFIG.replace("  save:", '  "sa\\e[31mve\\n[bold]x[/bold]":').replace(
            "app.save", '"app.\\e]0;x\\asave"'
        )
        (shop / "serverless.yml").write_text(config, "utf-8")
        for form in ("text", "yaml", "json"):
            done = run("--format", form, cwd=shop)
            assert done.returncode == 0 and not any(c in done.stdout + done.stderr for c in "\x1b\a"), form
        assert "[bold]x[/bold]" in run(cwd=shop).stdout

    @pytest.mark.parametrize("form", [*_OTHERS, "json"])
    def test_any_encoding_of_the_output_will_do(self, shop: Path, form: str) -> None:
        (shop / "serverless.yml").write_text(CONFIG.replace("service: shop", "service: caf\u00e9"), "utf-8")
        done = run_program("--explain", "--format", form, cwd=shop, PYTHONIOENCODING="ascii")
        assert done.returncode == 0 and "internal error" not in done.stderr
        if form == "json":
            assert json.loads(done.stdout)["project"]["service"] == "caf\u00e9"

    def test_explain_shows_how_each_name_was_found_and_the_way_to_the_call(self, shop: Path) -> None:
        done = run("--explain", cwd=shop, COLUMNS="200")
        assert "dynamodb.PutItem (TableName from env:TABLE), by save" in done.stdout

    def test_json_is_one_object_and_the_same_bytes_whatever_the_hash_seed(self, shop: Path) -> None:
        first, second = (run_program("--format", "json", cwd=shop, PYTHONHASHSEED=seed) for seed in ("1", "2"))
        assert first.stdout == second.stdout and first.stderr == ""
        assert json.loads(first.stdout)["schema"] == "scopedown.scan/1"

    @pytest.mark.parametrize("form", _OTHERS)
    def test_other_formats_are_the_same_bytes_too(self, shop: Path, form: str) -> None:
        first, second = (run_program("--format", form, cwd=shop, PYTHONHASHSEED=seed) for seed in ("1", "2"))
        assert first.stdout == second.stdout

    def test_yaml_holds_each_function(self, shop: Path) -> None:
        done = run("--format", "yaml", cwd=shop)
        assert done.returncode == 0 and "\nsave:\n" in done.stdout and "\nread:\n" in done.stdout


class TestEnds:
    def test_nothing_is_run_and_nothing_is_written(self, shop: Path) -> None:
        (shop / "serverless.js").write_text("require('fs').writeFileSync('marker', 'x')", "utf-8")
        before = listing(shop)
        for form in ("text", "yaml", "json"):
            assert run("--format", form, cwd=shop).returncode == 0
        assert listing(shop) == before and "marker" not in before

    @pytest.mark.skipif(sys.platform == "win32", reason="pipes end otherwise")
    @pytest.mark.parametrize("form", [*_OTHERS, "json"])
    def test_a_reader_that_leaves_ends_the_run_without_a_word(self, shop: Path, form: str) -> None:
        functions = "".join(f"  f{number}: {{handler: app.save}}\n" for number in range(400))
        (shop / "serverless.yml").write_text(CONFIG.replace("resources:", functions + "resources:"), "utf-8")
        # Without its buffer, Python itself drops what a closed pipe did not take, and reports nothing. --all makes the
        # tables larger than what a pipe takes.
        buffered = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
        with subprocess.Popen(
            [*PROGRAM, "scan", "--all", "--format", form],
            cwd=shop,
            env=buffered,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None and process.stderr is not None
            process.stdout.read(1)
            process.stdout.close()
            # On a machine with much to do, the run may have said before what it is at.
            lines = [one for one in process.stderr.read().splitlines() if not one.startswith(b"scopedown: now at ")]
            assert (lines, process.wait(60)) == ([], 141)

    @pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise")
    def test_an_interrupt_ends_in_one_line(self, shop: Path) -> None:
        steps = "".join(f"    x = work{number}(event)\n" for number in range(40_000))
        (shop / "app.py").write_text(f"{CODE}\n\ndef long(event, context):\n{steps}", "utf-8")
        (shop / "serverless.yml").write_text(CONFIG.replace("app.save", "app.long"), "utf-8")
        with subprocess.Popen(
            [*PROGRAM, "scan"], cwd=shop, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        ) as process:
            time.sleep(0.7)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err.strip()) == (130, "", "scopedown: interrupted")

    def test_findings_are_shown_and_exit_0_and_1_with_their_gate(self, shop: Path) -> None:
        (shop / "serverless.yml").write_text(CONFIG + "custom:\n  a: ${env:NOWHERE_AT_ALL}\n", "utf-8")
        usual, strict = run(cwd=shop), run("--fail-on", "unresolved", cwd=shop)
        assert (usual.returncode, strict.returncode) == (0, 1)
        assert usual.stdout == strict.stdout
        assert "serverless.yml:17:6: custom.a: the environment variable NOWHERE_AT_ALL is not set (set" in usual.stdout

    def test_a_gate_with_nothing_to_object_to_exits_0(self, shop: Path) -> None:
        assert run("--fail-on", "unresolved", cwd=shop).returncode == 0


class TestOptions:
    @pytest.mark.parametrize("arguments", [("--help",), ("scan", "--help"), ("scan", "-h")])
    def test_help_shows_examples(self, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        done = run(*arguments, command="", cwd=tmp_path)
        assert done.returncode == 0 and "Examples:" in done.stdout and "  scopedown scan " in done.stdout

    def test_alone_it_shows_its_help(self, tmp_path: Path) -> None:
        done = run(command="", cwd=tmp_path)
        assert done.returncode == 2 and "Examples:" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr

    def test_of_several_paths_each_must_exist(self, shop: Path) -> None:
        done = run("serverless.yml", "nowhere", cwd=shop)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("scopedown: nowhere does not exist")

    def test_several_projects_are_scanned_one_after_another(self, shop: Path, tmp_path: Path) -> None:
        done = run(".", "serverless.yml", cwd=shop)
        assert (done.returncode, done.stdout.count("shop (serverless")) == (0, 2)
        assert "2 projects read" in done.stdout

    @pytest.mark.parametrize("arguments", [("--format", "xml"), ("--nope",), ("--param",)])
    def test_wrong_usage_exits_2_and_says_what_is_right(self, shop: Path, arguments: tuple[str, ...]) -> None:
        done = run(*arguments, cwd=shop)
        assert done.returncode == 2 and done.stdout == "" and "Error: " in done.stderr

    def test_an_unknown_format_lists_the_known_ones(self, shop: Path) -> None:
        assert all(form in run("--format", "xml", cwd=shop).stderr for form in ("text", "yaml", "json"))

    def test_an_unknown_command_exits_2(self, tmp_path: Path) -> None:
        done = run(command="scann", cwd=tmp_path)
        assert done.returncode == 2 and "scann" in done.stderr

    def test_an_unknown_function_lists_those_there_are(self, shop: Path) -> None:
        done = run("--function", "svae", cwd=shop)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == "scopedown: no function is named 'svae' (it has read, save)\n"
        done = run("--recursive", "--function", "svae", cwd=shop.parent)
        assert done.returncode == 2 and "(it has read, save)" in done.stderr

    def test_one_function_alone_is_shown(self, shop: Path) -> None:
        done = run("--function", "read", "--format", "json", cwd=shop)
        assert [one["name"] for one in json.loads(done.stdout)["functions"]] == ["read"]

    @pytest.mark.parametrize("account", ["", "123", "12345678901x", "1234567890123", "١٢٣٤٥٦٧٨٩٠١٢"])
    def test_an_account_has_twelve_digits(self, shop: Path, account: str) -> None:
        done = run("--account", account, cwd=shop)
        assert done.returncode == 2 and "an account id has 12 digits" in done.stderr

    def test_an_account_and_a_region_reach_the_arns(self, shop: Path) -> None:
        done = run("--all", "--account", "123456789012", "--region", "eu-west-3", cwd=shop)
        assert "logs:eu-west-3:123456789012:log-group" in done.stdout

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (None, "values.yml does not exist"),
            ("- a\n", "values.yml:1:1: values.yml is not a mapping"),
            ("a: {\n", "values.yml:2:1: values.yml is not valid YAML"),
            ("a: 1\na: 2\n", "values.yml:2:1"),
            ("", "is not a mapping"),
        ],
    )
    def test_a_bad_file_of_values_is_one_error(self, shop: Path, text: str | None, words: str) -> None:
        if text is not None:
            (shop / "values.yml").write_text(text, "utf-8")
        done = run("--param-file", "values.yml", cwd=shop)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr and done.stderr.count("\n") == 1

    def test_a_parameter_without_a_value_says_how_to_write_it(self, shop: Path) -> None:
        done = run("--param", "stage", cwd=shop)
        assert done.returncode == 2 and "--param KEY=VALUE" in done.stderr


class TestPaths:
    @pytest.mark.parametrize("path", [".", "serverless.yml", "./../shop", "{absolute}"])
    def test_a_folder_or_its_file_may_be_named(self, shop: Path, path: str) -> None:
        done = run(path.replace("{absolute}", str(shop)), "--format", "json", cwd=shop)
        assert json.loads(done.stdout)["project"]["service"] == "shop"

    def test_a_file_of_another_name_is_known_by_its_content(self, shop: Path) -> None:
        (shop / "serverless.yml").rename(shop / "prod.config.yml")
        assert json.loads(run("prod.config.yml", "--format", "json", cwd=shop).stdout)["project"]["config"] == (
            "prod.config.yml"
        )

    def test_recursive_takes_every_project_and_ends_with_a_summary(self, shop: Path) -> None:
        other = shop.parent / "other"
        other.mkdir()
        (other / "serverless.yml").write_text("service: [\n", "utf-8")
        done = run("--recursive", cwd=shop.parent)
        assert done.returncode == 0
        assert done.stdout.splitlines()[-1] == "1 projects read, 1 not read, 0 of other clouds, 2 functions"
        assert "other/serverless.yml:2:1" in done.stderr
        shown = json.loads(run("--recursive", "--format", "json", cwd=shop.parent).stdout)
        assert shown["schema"] == "scopedown.scan/1"
        assert [one["project"]["path"] for one in shown["projects"]] == ["shop"] and len(shown["errors"]) == 1

    def test_recursive_on_a_file_reads_that_file(self, shop: Path) -> None:
        assert run("serverless.yml", "--recursive", cwd=shop).returncode == 0
