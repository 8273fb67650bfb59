"""SAM's command line: how it is found, how its commands are written, and a project that it deploys and deletes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.project.load import Options, load_project
from scopedown.prove.command_lines import named_stack
from scopedown.prove.frameworks import Framework, find_framework, framework_at
from scopedown.prove.runner import Runner

ROOT = Path(__file__).parents[2]
NOTES = Path(__file__).with_name("services") / "notes-sam"
NESTED = NOTES.with_name("nested-sam")
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Greeter:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs20.x, Handler: index.handler, InlineCode: "exports.handler = async () => 1"}
"""
posix = pytest.mark.skipif(os.name != "posix", reason="the program is a script with a first line for its interpreter")


def sam(folder: Path, body: str, version: str = "SAM CLI, version 1.170.0") -> Path:
    """A program of ours in the place of aws-sam-cli."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "sam"
    program.write_text(
        f"#!{sys.executable}\nimport json, os, sys\n"
        f"if sys.argv[1:] == ['--version']:\n    print({version!r})\n    sys.exit()\n{body}\n"
    )
    program.chmod(0o755)
    return program


@posix
def test_sam_is_found_on_the_path_and_by_its_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCOPEDOWN_SAM", raising=False)
    program = sam(tmp_path / "bin", "")
    monkeypatch.setenv("PATH", str(program.parent))
    assert find_framework("sam", tmp_path) == Framework("sam", "1.170.0", program)
    assert str(framework_at(program)) == "aws-sam-cli 1.170.0"
    other = sam(tmp_path / "other", "", "SAM CLI, version 1.99.0")
    monkeypatch.setenv("SCOPEDOWN_SAM", str(other))
    assert find_framework("sam", tmp_path).version == "1.99.0"


@posix
def test_what_is_not_sam_is_refused_with_a_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCOPEDOWN_SAM", str(sam(tmp_path, "", "sam, the mail reader")))
    with pytest.raises(ScopedownError, match="which is not aws-sam-cli") as told:
        find_framework("sam", tmp_path)
    assert "pipx install aws-sam-cli" in told.value.remedy
    monkeypatch.delenv("SCOPEDOWN_SAM")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    with pytest.raises(ScopedownError, match="sam was not found on the PATH"):
        find_framework("sam", tmp_path)


def runner(tmp_path: Path, body: str, name: str = "greeter", config: str = "") -> Runner:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "samconfig.toml").write_text(config)
    (folder / "template.yaml").write_text(TEMPLATE)
    program = sam(tmp_path / "bin", body)
    project = named_stack(load_project(folder, Options()))
    return Runner.of(
        Framework("sam", "1.170.0", program), project, folder, tmp_path / "home", "http://127.0.0.1:9", "AKIA1",
        "secret", ("--config-env=prod",), {}, 30.0,
    )  # fmt: skip


@posix
def test_a_deployment_builds_and_names_stack_region_and_capabilities(tmp_path: Path) -> None:
    one = runner(tmp_path, "print(json.dumps(sys.argv[1:]))", "2_orders.api")
    ended = one.run("deploy")
    build, deploy = (json.loads(line) for line in ended.output.splitlines())
    assert ended.code == 0
    assert build == [
        "build", "--cached", "--template", "template.yaml", "--region", "us-east-1", "--config-env=prod",
    ]  # fmt: skip
    assert deploy[:5] == ["deploy", "--stack-name", "stack-2-orders-api", "--region", "us-east-1"]
    assert {"--resolve-s3", "CAPABILITY_NAMED_IAM", "--no-confirm-changeset"} <= set(deploy)
    assert json.loads(one.run("delete").output)[-1] == "--no-prompts"
    assert json.loads(one.run("logs -n Greeter").output)[:3] == ["logs", "-n", "Greeter"]


@posix
def test_a_bucket_of_the_users_own_is_left_to_sam(tmp_path: Path) -> None:
    config = 'version = 0.1\n[default.deploy.parameters]\ns3_bucket = "artifacts"\nstack_name = "shop"\n'
    one = runner(tmp_path, "print(json.dumps(sys.argv[1:]))", config=config)
    deploy = json.loads(one.run("deploy").output.splitlines()[1])
    assert "--resolve-s3" not in deploy and deploy[2] == "shop"


@posix
def test_a_build_that_fails_ends_the_deployment(tmp_path: Path) -> None:
    ended = runner(tmp_path, "print(sys.argv[1]); sys.exit(3)").run("deploy")
    assert (ended.code, ended.output) == (3, "build")


@posix
def test_sam_gets_the_local_keys_and_the_users_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("SAM_CLI_TELEMETRY", "1")
    environment = json.loads(runner(tmp_path, "print(json.dumps(dict(os.environ)))").run("delete").output)
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:9" and "AWS_PROFILE" not in environment
    assert environment["SAM_CLI_TELEMETRY"] == "0"
    assert environment["__SAM_CLI_APP_DIR"] == str(tmp_path / "home")
    assert environment.get("HOME") == os.environ.get("HOME")


def installed() -> str:
    """The program of aws-sam-cli: of SCOPEDOWN_SAM, of .cache/sam (as .ci/run makes it), or the one on the PATH."""
    own = ROOT / ".cache" / "sam" / "bin" / "sam"
    return os.environ.get("SCOPEDOWN_SAM") or (str(own) if own.is_file() else shutil.which("sam") or "")


def prove(folder: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the evidence."""
    if not (program := installed()):
        pytest.skip("sam was not found: pip install aws-sam-cli into .cache/sam, or set SCOPEDOWN_SAM")
    command = [sys.executable, "-m", "scopedown", "prove", str(folder), "--format", "json", "--framework-program",
               program, *options]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.oracle
@pytest.mark.slow
def test_a_project_of_sam_is_proven(tmp_path: Path) -> None:
    folder = shutil.copytree(NOTES, tmp_path / "notes")
    template = folder / "template.yaml"
    here = f"python3.{sys.version_info.minor}"  # sam build asks for the very release
    template.write_text(template.read_text().replace("python3.11", here))
    code, told = prove(folder, "--param", 'Owner=the "owner"', "--timeout", "400")
    assert (code, told["proven"], told["failures"]) == (0, True, [])
    assert [one["step"] for one in told["steps"] if one["ok"] and not one["skipped"]] == [
        "deploy", "deploy (nothing changed)", "deploy (code changed)", "list", "delete",
    ]  # fmt: skip
    outcomes = {one["function"]: [event["outcome"] for event in one["events"]] for one in told["functions"]}
    assert outcomes == {"Keep": ["ok"], "Tell": ["ok"]}
    used = {action["action"]: action for one in told["statements"] if one["holder"] == "Keep"
            for action in one["actions"]}  # fmt: skip
    assert used["dynamodb:PutItem"]["needed"]
    assert (told["unmapped"], told["unforeseen"], told["standIns"]) == ([], [], [])
    assert not (folder / ".aws-sam").exists()


@pytest.mark.oracle
@pytest.mark.slow
def test_a_nested_application_is_proven_with_its_parent(tmp_path: Path) -> None:
    folder = shutil.copytree(NESTED, tmp_path / "nested")
    code, told = prove(folder, "--timeout", "400")
    assert (code, told["proven"], told["failures"], told["denials"]) == (0, True, [], [])
    outcomes = {one["function"]: [event["outcome"] for event in one["events"]] for one in told["functions"]}
    assert outcomes == {"Keep": ["ok"], "Storage/Tell": ["ok"]}
    assert told["steps"][-1]["command"] == "delete" and told["steps"][-1]["ok"]
    assert (told["unmapped"], told["standIns"]) == ([], [])


@pytest.mark.oracle
@pytest.mark.slow
def test_what_nothing_needed_of_a_project_of_sam_is_taken_away_for_real(tmp_path: Path) -> None:
    folder = shutil.copytree(NESTED, tmp_path / "nested")
    (folder / "samconfig.toml").write_text('version = 0.1\n[default.deploy.parameters]\ns3_bucket = "artifacts"\n')
    code, told = prove(folder, "--timeout", "400", "--thorough", "--no-functions")
    assert (code, told["proven"]) == (0, True)
    spare = [action for one in told["statements"] for action in one["actions"] if not action["needed"]]
    assert spare and {one["rerun"] for one in spare} == {"ended well"}
