"""templates/scopedown.yml: its inputs filled in as GitLab does it, and its lines run in bash."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from .pipelines import ROOT, environment, git, program, repository

pytestmark = pytest.mark.slow

TEMPLATE = (ROOT / "templates" / "scopedown.yml").read_text(encoding="utf-8")
HEADER, _, BODY = TEMPLATE.partition("\n---\n")
INPUTS: dict[str, dict[str, Any]] = yaml.safe_load(HEADER)["spec"]["inputs"]
_INPUT = re.compile(r"\$\[\[ inputs\.([a-z-]+) \]\]")
needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="the lines are for bash")


def filled_in(**inputs: str) -> dict[str, Any]:
    """The job, by https://docs.gitlab.com/ci/inputs/: text is put in the place of each input, then YAML is read."""
    given = {name: str(one.get("default", "")).replace("False", "false") for name, one in INPUTS.items()} | {
        name.replace("_", "-"): text for name, text in inputs.items()
    }
    jobs = yaml.safe_load(_INPUT.sub(lambda found: given[found[1]], BODY))
    assert list(jobs) == [given["job"]]
    job: dict[str, Any] = jobs[given["job"]]
    return job


def run(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the job's lines as one script, as GitLab's runner does. What would be installed is this checkout's."""
    job = filled_in(package="scopedown @ nowhere", **inputs)
    beside = folder.parent / "beside"
    python = program(beside) / "python"
    python.write_text(
        "#!/bin/sh\n"
        'echo "$0 $*" >> "$CALLS"\n'
        '[ "$3" != venv ] || { mkdir -p "$5/bin"; cp "$PROGRAMS/python" "$PROGRAMS/scopedown" "$5/bin"; }\n'
    )
    python.chmod(0o755)
    variables = {**job["variables"], "PROGRAMS": str(python.parent), "CALLS": str(beside / "calls")}
    variables = {name: value.replace("$CI_PROJECT_DIR", str(folder)) for name, value in variables.items()}
    lines = "\n".join([*job["before_script"], *job["script"]])
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", lines],
        cwd=folder, capture_output=True, encoding="utf-8", timeout=100, check=False,
        env=environment(**{"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}", **variables}),
    )  # fmt: skip


def test_every_input_is_described_and_has_a_meaning() -> None:
    assert set(_INPUT.findall(BODY)) == set(INPUTS)
    assert all(one["description"] for one in INPUTS.values())
    assert [name for name, one in INPUTS.items() if "default" not in one] == ["package"]


def test_no_input_stands_in_the_text_of_a_line() -> None:
    lines = yaml.safe_load(_INPUT.sub("INPUT", BODY))["INPUT"]
    assert not any("INPUT" in line for line in [*lines["before_script"], *lines["script"]])


@needs_bash
def test_a_denied_call_fails_the_job_and_leaves_the_artifacts_that_it_names(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", denied=True)
    ran = run(folder)
    assert ran.returncode == 1, ran.stderr
    assert "serverless.yml:27:3: error SD101" in ran.stdout
    artifacts = filled_in()["artifacts"]
    assert artifacts["when"] == "always"
    issues = json.loads((folder / artifacts["reports"]["codequality"]).read_text())
    assert {one["location"]["path"] for one in issues} == {"serverless.yml"}
    assert ElementTree.parse(folder / artifacts["reports"]["junit"]).getroot().tag == "testsuites"
    sarif, compared = (folder / name for name in artifacts["paths"])
    assert json.loads(sarif.read_text())["version"] == "2.1.0"
    assert compared.read_text() == "No comparison was asked for.\n"
    installed = (tmp_path / "beside" / "calls").read_text().splitlines()[-1]
    assert installed.endswith("-I -m pip install --quiet --disable-pip-version-check scopedown @ nowhere")


@needs_bash
def test_a_project_without_one_passes_and_tells_an_empty_list_of_failures(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository")
    assert run(folder).returncode == 0
    assert not ElementTree.parse(folder / "scopedown-junit.xml").findall(".//failure")


@needs_bash
def test_what_a_change_newly_allows_is_an_artifact_and_may_fail_the_job(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository")
    git(folder, "commit", "-qm", "first")
    config = folder / "serverless.yml"
    config.write_text(config.read_text().replace("Action: s3:*", "Action: [s3:*, iam:PassRole]"))
    options = {"compare_base": "HEAD", "fail_on": "none"}
    assert run(folder, **options).returncode == 0
    assert "+ iam:PassRole on" in (folder / "scopedown-compare.md").read_text()
    assert run(folder, **options, fail_on_new_access="true").returncode == 1


@needs_bash
def test_inputs_are_options_of_check(tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", denied=True, inside="services/todos")
    assert run(folder, path="services", recursive="true", fail_on="none").returncode == 0
    assert (
        run(folder, path="services/todos", args="--ignore SD101 --write-baseline", baseline="known.json").returncode
        == 0
    )
    assert json.loads((folder / "known.json").read_text())["problems"]
    assert run(folder, path="services/todos", baseline="lost.json").returncode == 2


@needs_bash
@pytest.mark.parametrize("hostile", ["; touch x", "* ; touch x", "`touch x`", "--help"])
@pytest.mark.parametrize("name", ["path", "fail_on", "baseline", "args", "recursive"])
def test_an_input_is_never_run(name: str, hostile: str, tmp_path: Path) -> None:
    folder = repository(tmp_path / "repository", denied=True)
    run(folder, **{name: hostile})
    assert not (folder / "x").exists()


@pytest.mark.oracle
def test_another_reader_of_pipelines_takes_the_template_with_its_inputs(tmp_path: Path) -> None:
    reader = Path(os.environ.get("GITLAB_CI_LOCAL_DIR", "")) / "node_modules" / ".bin" / "gitlab-ci-local"
    if not os.environ.get("GITLAB_CI_LOCAL_DIR") or not reader.exists():
        pytest.skip("GITLAB_CI_LOCAL_DIR does not name a folder with the npm package gitlab-ci-local")
    folder = repository(tmp_path / "repository")
    (folder / "template.yml").write_text(TEMPLATE)
    included = [
        {"local": "template.yml", "inputs": {"package": "scopedown @ there", "recursive": True, "job": "roles"}}
    ]
    (folder / ".gitlab-ci.yml").write_text(yaml.safe_dump({"include": included}))
    git(folder, "remote", "add", "origin", "https://gitlab.example.com/team/todos.git")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "all")
    ran = subprocess.run(
        [str(reader), "--preview"], cwd=folder, env=environment(), capture_output=True, encoding="utf-8", timeout=100,
        check=True,
    )  # fmt: skip
    job = yaml.safe_load(ran.stdout.partition("---\n")[2])["roles"]
    mine = filled_in(package="scopedown @ there", recursive="true", job="roles")
    for part in ("stage", "before_script", "script", "variables", "artifacts"):
        assert job[part] == mine[part]
