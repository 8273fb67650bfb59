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
from scopedown.prove.command_lines import CdkCli
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
    assert {"**", "--app", "never"} <= set(first)
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


@needs_node
@pytest.mark.oracle
@pytest.mark.slow
@pytest.mark.parametrize(
    ("synthesizers", "assumes"),
    [
        pytest.param("cli", False, id="the caller's credentials"),
        pytest.param("legacy", False, id="legacy"),
        pytest.param("bootstrapless", True, id="bootstrapless"),
        pytest.param("qualifier", True, id="another qualifier"),
        pytest.param("custom", True, id="roles and a bucket of its own"),
        pytest.param("cli,default", True, id="two kinds in one app"),
    ],
)
def test_apps_are_proven_under_every_synthesizer_with_the_stacks_of_their_stages(
    synthesizers: str, assumes: bool, tmp_path: Path
) -> None:
    if (packages := installed()) is None:
        pytest.skip("aws-cdk-lib was not found: npm install aws-cdk aws-cdk-lib into .cache/cdk, or set CDK_DIR")
    folder = shutil.copytree(NOTES.with_name("synthesizers-cdk"), tmp_path / "app")
    (folder / "node_modules").symlink_to(packages / "node_modules")
    context = {"synthesizers": synthesizers, **({"inline": True} if synthesizers == "bootstrapless" else {})}
    (folder / "cdk.json").write_text(json.dumps({"app": "node app.js", "context": context}))
    code, told = prove(folder, {"SCOPEDOWN_CDK": str(packages)}, "--timeout", "400", "--fail-on", "missing")
    assert (code, told["proven"], told["failures"], told["denials"]) == (0, True, [], [])
    assert ("CloudFormation's role" in told["identities"]) == assumes
    used = {
        (one["holder"], action["action"]): one["statement"]["Resource"]
        for one in told["statements"] for action in one["actions"] if action["used"]
    }  # fmt: skip
    holder = "CloudFormation's role" if assumes else "the framework user"
    assert any("Prod-Topics-News" in arn for arn in used[holder if "," not in synthesizers else "the framework user",
                                                          "sns:CreateTopic"])  # fmt: skip
    assert any("cdk bootstrap does not make" in note for note in told["notes"]) == (synthesizers == "custom")


@needs_node
@pytest.mark.oracle
@pytest.mark.slow
def test_a_function_in_an_image_is_deployed_and_reported_as_not_run(tmp_path: Path) -> None:
    if (packages := installed()) is None:
        pytest.skip("aws-cdk-lib was not found: npm install aws-cdk aws-cdk-lib into .cache/cdk, or set CDK_DIR")
    folder = shutil.copytree(NOTES.with_name("images-cdk"), tmp_path / "app")
    (folder / "node_modules").symlink_to(packages / "node_modules")
    code, told = prove(folder, {"SCOPEDOWN_CDK": str(packages)}, "--timeout", "400")
    assert (code, told["proven"], told["functionsProven"], told["denials"]) == (3, True, False, [])
    assert {one["function"]: one["whyNot"] for one in told["functions"]} == {
        "images/Convert": "its code is a container image, which prove does not build", "images/Tell": "",
    }  # fmt: skip
    assert any("neither built nor pushed" in note for note in told["notes"])


@needs_node
@pytest.mark.oracle
@pytest.mark.slow
def test_what_nothing_needed_of_an_app_is_taken_away_for_real_from_the_user_and_from_cloudformations_role(
    tmp_path: Path,
) -> None:
    if (packages := installed()) is None:
        pytest.skip("aws-cdk-lib was not found: npm install aws-cdk aws-cdk-lib into .cache/cdk, or set CDK_DIR")
    folder = shutil.copytree(NOTES.with_name("synthesizers-cdk"), tmp_path / "app")
    (folder / "node_modules").symlink_to(packages / "node_modules")
    (folder / "cdk.json").write_text('{"app": "node app.js", "context": {"synthesizers": "default"}}')
    code, told = prove(folder, {"SCOPEDOWN_CDK": str(packages)}, "--timeout", "400", "--thorough", "--no-functions")
    assert (code, told["proven"]) == (0, True)
    spare = {
        (one["holder"], action["action"]): action["rerun"]
        for one in told["statements"] for action in one["actions"] if not action["needed"]
    }  # fmt: skip
    assert spare["CloudFormation's role", "sns:SetTopicAttributes"] == "ended well"
    assert set(spare.values()) == {"ended well"}


@pytest.mark.skipif(os.name != "posix", reason="the program is a script of the shell")
def test_images_are_not_built_and_what_bundles_is_left_to_the_users_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "finch"
    own.write_text('#!/bin/sh\necho "finch $*"\n')
    own.chmod(0o755)
    monkeypatch.setenv("CDK_DOCKER", str(own))
    environment = CdkCli(Framework("cdk", "2", tmp_path / "cdk"), "us-east-1").environment(tmp_path)

    def docker(*words: str) -> str:
        command = [environment["CDK_DOCKER"], *words]
        return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True,
                              input="").stdout  # fmt: skip

    for words in (
        "build --tag cdkasset-1 .",
        "inspect cdkasset-1",
        "login --username AWS --password-stdin x",
        "push x",
    ):
        assert docker(*words.split()) == ""
    assert docker("run", "--rm", "image", "sh") == "finch run --rm image sh\n"
