"""action.yml, its steps run as the runner runs them: bash, with the inputs in the environment and GitHub's files."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from .pipelines import ROOT, environment, repository

pytestmark = pytest.mark.slow

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
SCRIPT = ROOT / "ci" / "github_action.py"
EXPRESSION = re.compile(r"\$\{\{ inputs\.([a-z-]+) \}\}")
needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="the steps are for bash")


@dataclass
class Job:
    """What a job that uses the action leaves behind."""

    code: int
    printed: str
    errors: str
    summary: str
    outputs: dict[str, str]


def job(folder: Path, temporary: Path, install: bool = False, **inputs: str) -> Job:
    """Run the action in a checked out repository. Without ``install`` the tests' own Python is taken as installed."""
    given = {**{name: one["default"] for name, one in ACTION["inputs"].items()}, "python": sys.executable}
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    if not install:
        installed(temporary / "scopedown-python")
    files = {name: temporary / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for path in files.values():
        path.touch()
    code, printed, errors = 0, "", ""
    for step in STEPS:
        if code:
            break
        script = temporary / "step.sh"
        script.write_text(step["run"])
        values = {name: EXPRESSION.sub(lambda found: given[found[1]], text) for name, text in step["env"].items()}
        ran = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)], cwd=folder, capture_output=True,
            encoding="utf-8", timeout=500, check=False,
            env=environment(
                GITHUB_ACTION_PATH=str(ROOT), RUNNER_TEMP=str(temporary), GITHUB_ACTIONS="true",
                **{name: str(path) for name, path in files.items()}, **values,
            ),
        )  # fmt: skip
        code, printed, errors = ran.returncode, printed + ran.stdout, errors + ran.stderr
    lines = files["GITHUB_OUTPUT"].read_text().splitlines()
    outputs = dict(line.split("=", 1) for line in lines)
    return Job(code, printed, errors, files["GITHUB_STEP_SUMMARY"].read_text(), outputs)


def installed(folder: Path) -> None:
    """Take the tests' own Python as the one in which scopedown is installed, where no other was."""
    if not (folder / "installed").exists():
        install_as(folder, f'exec {sys.executable} "$@"')


def install_as(folder: Path, script: str) -> None:
    """Put a shell's script in the place of the Python in which scopedown is installed."""
    (folder / "bin").mkdir(parents=True, exist_ok=True)
    (folder / "installed").touch()
    (folder / "bin" / "python").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "bin" / "python").chmod(0o755)


def commands(printed: str) -> set[str]:
    """The commands that the runner takes from what a step prints, as src/Runner.Worker/ActionCommandManager.cs does."""
    token, taken = "", set()
    for line in printed.splitlines():
        found = re.match(r"\s*::([^\s:]+)[^:]*::(.*)", line) or re.search(r"##\[([^\s\]]+)[^\]]*\](.*)", line)
        if found and token:
            token = "" if found[1] == token else token
        elif found and found[1] == "stop-commands":
            token = found[2]
        elif found:
            taken.add(found[1])
    assert not token, "the runner is left without commands"
    return taken


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    made = tmp_path / "runner"
    made.mkdir()
    return made


def test_the_action_is_valid_by_the_published_schema() -> None:
    schema = json.loads((Path(__file__).parent / "github-action-schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(ACTION, schema)


def test_no_expression_stands_in_the_text_of_a_script() -> None:
    for step in STEPS:
        assert "${{" not in step["run"]
        assert all(EXPRESSION.fullmatch(text) for text in step["env"].values())


def test_every_input_reaches_a_step_and_every_output_is_one_that_the_script_writes() -> None:
    passed = {EXPRESSION.fullmatch(text)[1] for step in STEPS for text in step["env"].values()}  # type: ignore[index]
    assert passed == set(ACTION["inputs"])
    written = {name for name in ACTION["outputs"] if f'"{name}":' in SCRIPT.read_text(encoding="utf-8")}
    assert written == set(ACTION["outputs"])


@needs_bash
def test_a_project_with_a_denied_call_fails_after_everything_was_written(tmp_path: Path, temporary: Path) -> None:
    ran = job(repository(tmp_path / "repository", denied=True), temporary)
    assert ran.code == 1
    assert "::error file=serverless.yml,line=27,col=3,title=SD101 missing-permission::create will be" in ran.printed
    assert ran.summary.startswith("### scopedown check\n\n1 project, 3 functions: 2 errors")
    assert (ran.outputs["failed"], ran.outputs["exit-code"], ran.outputs["problems"]) == ("true", "1", "6")
    sarif = json.loads(Path(ran.outputs["sarif-file"]).read_text())
    assert (
        sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        == "serverless.yml"
    )
    assert Path(ran.outputs["comment-file"]).read_text() == ran.summary.rstrip("\n") + "\n"
    assert json.loads(Path(ran.outputs["json-file"]).read_text())["failed"] is True


@needs_bash
def test_a_project_without_one_passes(tmp_path: Path, temporary: Path) -> None:
    ran = job(repository(tmp_path / "repository"), temporary)
    assert (ran.code, ran.outputs["failed"], ran.outputs["exit-code"]) == (0, "false", "0")


@needs_bash
def test_what_cannot_be_checked_fails_with_2_and_the_summary_says_it(tmp_path: Path, temporary: Path) -> None:
    folder = repository(tmp_path / "repository", inside="one")
    (folder / "two").mkdir()
    (folder / "two" / "serverless.yml").write_text("service: [")
    ran = job(folder, temporary, recursive="true")
    assert ran.code == 2
    assert "::error title=scopedown::not read: two/serverless.yml:2" in ran.printed and not ran.errors
    assert "1 project, 3 functions" in ran.summary and "    not read: two/serverless.yml" in ran.summary
    assert (ran.outputs["exit-code"], ran.outputs["failed"]) == ("2", "false")


@needs_bash
def test_a_folder_without_a_project_is_told_in_the_summary(tmp_path: Path, temporary: Path) -> None:
    ran = job(tmp_path, temporary, path="nothing")
    assert ran.code == 2 and "    scopedown: " in ran.summary
    assert ran.outputs == {
        "exit-code": "2",
        "failed": "",
        "new-access": "",
        "problems": "",
        "sarif-file": "",
        "comment-file": "",
        "json-file": "",
    }


@needs_bash
def test_inputs_are_options_of_check(tmp_path: Path, temporary: Path) -> None:
    folder = repository(tmp_path / "repository", denied=True, inside="services/todos")
    assert job(folder, temporary, path="services", recursive="true", fail_on="none").code == 0
    ran = job(folder, temporary, path="services/todos", args="--select SD101 --ignore 'missing-permission'")
    assert (ran.code, ran.outputs["problems"]) == (0, "0")


@needs_bash
@pytest.mark.parametrize("option", ["--help", "--fix --yes"])
def test_an_option_that_checks_nothing_does_not_pass_the_gate(option: str, tmp_path: Path, temporary: Path) -> None:
    ran = job(repository(tmp_path / "repository"), temporary, args=option)
    assert ran.code == 2 and "::error title=scopedown::nothing was checked: args hold" in ran.printed


@needs_bash
def test_a_baseline_leaves_out_what_is_known(tmp_path: Path, temporary: Path) -> None:
    folder = repository(tmp_path / "repository", denied=True)
    job(folder, temporary, args="--write-baseline", baseline="known.json")
    (temporary / "github_output").unlink()
    ran = job(folder, temporary, baseline="known.json")
    assert (ran.code, ran.outputs["problems"]) == (0, "0")


@needs_bash
def test_files_are_where_the_workflow_wants_them(tmp_path: Path, temporary: Path) -> None:
    folder = repository(tmp_path / "repository")
    ran = job(folder, temporary, sarif_file="out/a b.sarif", comment_file="out/comment.md")
    assert Path(ran.outputs["sarif-file"]) == folder / "out" / "a b.sarif"
    assert (folder / "out" / "comment.md").read_text().startswith("### scopedown check")


@needs_bash
@pytest.mark.parametrize(
    "name", ["path", "recursive", "fail-on", "baseline", "framework", "args", "sarif-file", "comment-file"]
)
@pytest.mark.parametrize("hostile", ["\"; touch x #$(touch x)`touch x`' ; touch x ; '", "a\nfailed=false", "--help"])
def test_an_input_is_never_run(name: str, hostile: str, tmp_path: Path, temporary: Path) -> None:
    folder = repository(tmp_path / "repository", denied=True)
    ran = job(folder, temporary, **{name: hostile})
    assert not list(tmp_path.rglob("x"))
    assert ran.outputs.get("failed") != "false"
    assert "Traceback" not in ran.printed + ran.errors


@needs_bash
def test_a_link_in_the_checked_repository_writes_no_output(tmp_path: Path, temporary: Path) -> None:
    folder = repository(tmp_path / "repository", denied=True)
    (folder / "a\nfailed=false\nb").mkdir()
    (folder / "out").symlink_to("a\nfailed=false\nb")
    ran = job(folder, temporary, sarif_file="out/scopedown.sarif")
    assert (ran.code, ran.outputs["failed"]) == (1, "true")
    assert ran.outputs["sarif-file"] == str(folder / "out" / "scopedown.sarif")
    assert json.loads((folder / "out" / "scopedown.sarif").read_text())["runs"]


@needs_bash
def test_an_output_of_two_lines_is_not_written(tmp_path: Path) -> None:
    temporary = tmp_path / "runner\nfailed=false"
    temporary.mkdir()
    ran = job(repository(tmp_path / "repository", denied=True), temporary)
    assert ran.code == 2 and "::error title=scopedown::the output sarif-file is one line" in ran.printed
    assert ran.outputs == {}


@needs_bash
def test_names_in_the_checked_repository_are_no_commands_to_the_runner(tmp_path: Path, temporary: Path) -> None:
    folder = repository(tmp_path / "repository", inside="one")
    for name in ("##[add-path]x", "::add-path::x"):
        (folder / name).mkdir()
        (folder / name / "serverless.yml").write_text("service: [")
    ran = job(folder, temporary, recursive="true")
    assert "not read: ##[add-path]x/serverless.yml" in ran.printed
    assert commands(ran.printed) | commands(ran.errors) == {"error", "warning", "notice"}


@needs_bash
@pytest.mark.parametrize("stream", ["", ">&2"])
def test_only_annotations_are_commands_to_the_runner(stream: str, tmp_path: Path, temporary: Path) -> None:
    install_as(
        temporary / "scopedown-python",
        "printf '%s\\n' ' ::add-path::x' '+ ##[set-env name=A]x' '::stop-commands::x' '::x::' '##[add-mask]x'"
        f"{stream}\necho '::warning file=a,line=1::##[add-path]x'",
    )
    ran = job(tmp_path, temporary)
    assert "+ ##[set-env name=A]x" in ran.printed
    assert commands(ran.printed) == {"error", "warning"} and not ran.errors


@needs_bash
def test_a_python_that_cannot_start_scopedown_is_no_gate_that_objects(tmp_path: Path, temporary: Path) -> None:
    install_as(temporary / "scopedown-python", "echo No module named scopedown >&2; exit 1")
    ran = job(tmp_path, temporary)
    assert (ran.code, ran.outputs["exit-code"], ran.outputs["failed"]) == (2, "2", "")
    assert "::error title=scopedown::nothing was checked: scopedown did not start" in ran.printed
    assert "No module named scopedown\n" in ran.printed and "    No module named scopedown\n" in ran.summary


@needs_bash
def test_a_file_that_cannot_be_written_is_no_gate_that_objects(tmp_path: Path, temporary: Path) -> None:
    ran = job(repository(tmp_path / "repository"), temporary, sarif_file=".")
    assert ran.code == 2 and "::error title=scopedown::" in ran.printed and not ran.errors


@needs_bash
def test_modules_of_the_checked_repository_are_not_imported(tmp_path: Path, temporary: Path) -> None:
    folder = repository(tmp_path / "repository")
    for name in ("json.py", "yaml.py", "click.py", "venv.py", "scopedown/__init__.py", "sitecustomize.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("import pathlib\npathlib.Path('ran').touch()\nraise SystemExit(0)\n")
    ran = job(folder, temporary)
    assert ran.code == 0 and ran.outputs["exit-code"] == "0"
    assert not (folder / "ran").exists()


def test_an_old_python_is_told_in_a_sentence(tmp_path: Path) -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))
    program = (
        "import runpy, sys\nsys.version_info = (3, 10, 2, 'final', 0)\n"
        f"sys.argv = ['', 'install']\nrunpy.run_path({str(SCRIPT)!r}, run_name='__main__')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert ran.returncode == 2
    assert ran.stdout.startswith(
        "::error title=scopedown::scopedown needs Python 3.11 or newer, and this is 3.10: run "
    )


@needs_bash
def test_the_action_installs_its_own_scopedown_once(tmp_path: Path, temporary: Path) -> None:
    folder = repository(tmp_path / "repository", denied=True)
    ran = job(folder, temporary, install=True)
    assert ran.code == 1, ran.printed + ran.errors
    assert os.access(temporary / "scopedown-python" / "bin" / "scopedown", os.X_OK)
    again = job(folder, temporary, install=True)
    assert again.code == 1 and "scopedown is installed in " in again.printed


@needs_bash
def test_what_a_change_newly_allows_is_part_of_the_comment_and_may_fail_the_job(
    tmp_path: Path, temporary: Path
) -> None:
    folder = repository(tmp_path / "repository")
    who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false"]
    for words in (("commit", "-qm", "first"), ("tag", "before")):
        subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)
    config = next(folder.rglob("serverless.yml"))
    before = config.read_text(encoding="utf-8")
    where = str(config.parent.relative_to(folder))
    same = job(folder, temporary, path=where, compare_base="before", fail_on="none", fail_on_new_access="true")
    assert (same.code, same.outputs["new-access"]) == (0, "false")
    config.write_text(before.replace("Action: s3:*", "Action: [s3:*, iam:PassRole]"), encoding="utf-8")
    done = job(folder, temporary, path=where, compare_base="before", fail_on="none", fail_on_new_access="true")
    assert (done.code, done.outputs["new-access"], done.outputs["failed"]) == (1, "true", "true")
    assert "+ iam:PassRole on" in Path(done.outputs["comment-file"]).read_text(encoding="utf-8")
    assert "+ iam:PassRole on" in done.summary
