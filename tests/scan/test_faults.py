"""A fault of scopedown in one function takes nobody else's answer away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import scopedown.scan
from command_line import run
from scopedown.calls import find
from scopedown.calls.model import CallReport
from scopedown.core.coverage import Cause, Verdict
from scopedown.source.sources import Sources

SERVICE = """
service: shop
provider:
  name: aws
  runtime: python3.12
  iam: {role: {statements: [{Effect: Allow, Action: 's3:ListAllMyBuckets', Resource: '*'}]}}
functions:
  good: {handler: good.handler}
  broken: {handler: broken.handler}
  last: {handler: good.handler}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "serverless.yml").write_text(SERVICE, encoding="utf-8")
    code = "import boto3\ndef handler(event, context): boto3.client('s3').list_buckets()\n"
    for name in ("good", "broken"):
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
    found = find.find_calls

    def breaking(sources: Sources, catalog: Any, dependencies: Any, file: str, *others: Any) -> CallReport:
        if file == "broken.py":
            raise KeyError("nothing")
        return found(sources, catalog, dependencies, file, *others)

    monkeypatch.setattr(find, "find_calls", breaking)
    return tmp_path


def test_the_other_functions_keep_their_results_and_the_command_ends_as_after_a_fault(project: Path) -> None:
    ended = run("--format", "json", "--no-cache", cwd=project)
    functions = {one["name"]: one for one in json.loads(ended.stdout)["functions"]}
    assert functions["good"]["permissions"] and functions["last"]["permissions"]
    assert functions["broken"]["coverage"]["verdict"] == Verdict.NONE.value
    assert functions["broken"]["coverage"]["unseen"][0]["cause"] == Cause.FAULT.value
    assert ended.returncode == 2
    assert "a fault of scopedown ended the analysis of the function broken (KeyError at scan/" in ended.stderr


def test_nothing_of_its_role_is_removed(project: Path) -> None:
    ended = run("--diff", "--no-cache", cwd=project, command="write")
    removed = [line for line in ended.stdout.splitlines() if line.startswith("-")]
    assert not any("s3:ListAllMyBuckets" in line or "broken" in line for line in removed)
    assert "broken was not changed" in ended.stderr
    assert ended.returncode == 2


def test_a_fault_after_the_code_was_read_is_one_of_its_function_too(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binding = scopedown.scan.from_config

    def breaking(function: Any, project: Any) -> Any:
        if function.key == "last":
            raise ZeroDivisionError
        return binding(function, project)

    monkeypatch.setattr(scopedown.scan, "from_config", breaking)
    ended = run("--format", "json", "--no-cache", cwd=project)
    verdicts = {one["name"]: one["coverage"]["verdict"] for one in json.loads(ended.stdout)["functions"]}
    assert verdicts == {"good": "whole", "broken": "not at all", "last": "not at all"}


def test_an_interruption_and_the_traceback_that_is_asked_for_end_the_command(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KeyError):
        run("--no-cache", cwd=project, SCOPEDOWN_TRACEBACK="1")

    def interrupted(*given: Any) -> CallReport:
        raise KeyboardInterrupt

    monkeypatch.setattr(find, "find_calls", interrupted)
    assert run("--no-cache", cwd=project).returncode == 130
