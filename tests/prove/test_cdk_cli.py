"""CDK's command line: how it is found, how its commands are written, and an app that it deploys and destroys."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from command_line import run
from scopedown.core.finding import ScopedownError
from scopedown.prove.cdk_cli import CdkCli
from scopedown.prove.frameworks import Framework, find_framework, framework_at
from scopedown.prove.local_aws import LocalAws

ROOT = Path(__file__).parents[2]
NOTES = Path(__file__).with_name("services") / "notes-cdk"
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node was not found")


def cdk(folder: Path, body: str = "", version: str = "2.1148.1") -> Path:
    """A package of ours in the place of aws-cdk."""
    made = folder / "node_modules" / "aws-cdk"
    (made / "bin").mkdir(parents=True)
    (made / "package.json").write_text(json.dumps({"name": "aws-cdk", "version": version}))
    (made / "bin" / "cdk").write_text(body)
    return made


def test_cdk_is_found_in_the_project_above_it_and_by_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SCOPEDOWN_CDK", raising=False)
    made, app = cdk(tmp_path), tmp_path / "apps" / "shop"
    app.mkdir(parents=True)
    assert find_framework("cdk", app) == Framework("cdk", "2.1148.1", made / "bin" / "cdk")
    assert str(framework_at(made / "bin" / "cdk")) == "aws-cdk 2.1148.1"
    cdk(tmp_path / "other", version="2.9.0")
    monkeypatch.setenv("SCOPEDOWN_CDK", str(tmp_path / "other"))
    assert find_framework("cdk", app).version == "2.9.0"


def test_a_missing_cdk_is_told_with_what_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCOPEDOWN_CDK", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ScopedownError, match="aws-cdk is installed neither in") as told:
        find_framework("cdk", tmp_path)
    assert told.value.remedy.startswith("npm install --save-dev aws-cdk")


def test_only_a_deployment_of_other_code_synthesizes_again(tmp_path: Path) -> None:
    one = CdkCli(Framework("cdk", "2", tmp_path / "cdk"), "eu-west-1", ("--parameters", "Size=2"))
    (first,) = one.lines("deploy")
    assert first[2:4] == ["deploy", "--no-notices"] and first[-2:] == ["--parameters", "Size=2"]
    assert {"--all", "--app", "never"} <= set(first)
    synth, again = one.lines("deploy", changed=True)
    assert synth[2] == "synth" and again == first
    (destroy,) = one.lines("destroy")
    assert "--force" in destroy and "--parameters" not in destroy
    (bootstrap,) = one.lines("bootstrap aws://1/eu-west-1")
    assert bootstrap[2:4] == ["bootstrap", "aws://1/eu-west-1"] and "--app" not in bootstrap


@needs_node
def test_an_app_that_fails_is_one_line_and_exit_2(tmp_path: Path) -> None:
    cdk(tmp_path, "const at = process.cwd() + '/app.js:3:1';"
                  "console.error(`Error: no such runtime\\n    at f (${at})\\nSubprocess exited with error 1`); "
                  "process.exitCode = 1")  # fmt: skip
    (tmp_path / "cdk.json").write_text('{"app": "node app.js"}')
    done = run(cwd=tmp_path, command="prove", SCOPEDOWN_CDK="")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == (
        "scopedown: app.js:3:1: cdk synth ended with exit code 1: Error: no such runtime "
        "(make `cdk synth` succeed in the app's folder)"
    )


@needs_node
def test_what_cannot_be_done_with_an_app_is_said(tmp_path: Path) -> None:
    cdk(tmp_path)
    (tmp_path / "cdk.json").write_text('{"app": "node app.js"}')
    done = run("--thorough", cwd=tmp_path, command="prove", SCOPEDOWN_CDK="")
    assert done.returncode == 2 and "--thorough does not work with CDK apps" in done.stderr


TEMPLATE = {"Resources": {"Orders": {"Type": "AWS::SNS::Topic"}}}


def test_the_resources_of_several_stacks_are_told_apart() -> None:
    from scopedown.guard.cloudformation.provision import driver_of

    with LocalAws(driver_of) as aws:
        client = aws.admin("cloudformation", "us-east-1")
        for name in ("storage", "api"):
            client.create_stack(StackName=name, TemplateBody=json.dumps(TEMPLATE))
        both = aws.deployed_stacks([("storage", "us-east-1"), ("api", "us-east-1")])
        assert set(both.made) == {"storage/Orders", "api/Orders"}
        assert set(aws.deployed("api", "us-east-1").made) == {"Orders"}


def installed() -> Path | None:
    """The folder whose node_modules hold aws-cdk and aws-cdk-lib: of CDK_DIR, or .cache/cdk (as .ci/run makes it)."""
    folder = Path(os.environ.get("CDK_DIR", ROOT / ".cache" / "cdk")).resolve()
    return folder if (folder / "node_modules" / "aws-cdk-lib").is_dir() else None


def prove(folder: Path, environment: Mapping[str, str], *options: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the evidence."""
    command = [sys.executable, "-m", "scopedown", "prove", str(folder), "--format", "json", *options]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=900, check=False, env={**os.environ, **environment}
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@needs_node
@pytest.mark.oracle
@pytest.mark.slow
def test_an_app_of_cdk_is_proven_by_the_role_of_its_bootstrap(tmp_path: Path) -> None:
    if (packages := installed()) is None:
        pytest.skip("aws-cdk-lib was not found: npm install aws-cdk aws-cdk-lib into .cache/cdk, or set CDK_DIR")
    folder = shutil.copytree(NOTES, tmp_path / "notes")
    (folder / "node_modules").symlink_to(packages / "node_modules")
    code, told = prove(folder, {"SCOPEDOWN_CDK": str(packages)}, "--timeout", "400", "--fail-on", "missing")
    assert (code, told["proven"], told["failures"], told["denials"]) == (0, True, [], [])
    assert [one["step"] for one in told["steps"] if one["ok"] and not one["skipped"]] == [
        "deploy", "deploy (nothing changed)", "deploy (code changed)", "diff", "destroy",
    ]  # fmt: skip
    by_holder = {one["holder"]: set() for one in told["statements"]}
    for one in told["statements"]:
        by_holder[one["holder"]] |= {action["action"] for action in one["actions"] if action["needed"]}
    assert by_holder["the framework user"] == {"sts:AssumeRole"}
    assert {"dynamodb:CreateTable", "lambda:UpdateFunctionCode"} <= by_holder["CloudFormation's role"]
    assert (told["unmapped"], told["unforeseen"], told["notes"]) == ([], [], [])
    assert not (folder / "cdk.out").exists()
