"""Asking the installed framework: which one, how it is called, and what is told when it fails."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from scopedown.core.finding import ScopedownError
from scopedown.project.load import load_project, run_framework
from scopedown.project.options import Options
from scopedown.project.serverless.compiled import framework_of
from scopedown.project.serverless.compiled import run_framework as package

GOLDEN = Path(__file__).parent / "golden" / "compiled"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for the framework is a shell script")


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No framework of this machine is found."""
    monkeypatch.setenv("PATH", os.pathsep.join(("/usr/bin", "/bin")))


def install(folder: Path, script: str, name: str = "osls") -> Path:
    """A stand-in for the framework: a shell script in the folder's ``node_modules``."""
    tool = folder / "node_modules" / ".bin" / name
    tool.parent.mkdir(parents=True, exist_ok=True)
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    return tool


def service(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "serverless.yml").write_text("service: shop\nprovider: {name: aws}\n")
    return folder


def test_the_nearest_framework_is_taken(tmp_path: Path) -> None:
    inner = service(tmp_path / "inner")
    assert framework_of(inner) is None
    above = install(tmp_path, "exit 0", "serverless")
    assert framework_of(inner) == above
    install(tmp_path, "exit 0", "sls")
    assert framework_of(inner) == above
    for name in ("sls", "osls"):
        assert install(inner, "exit 0", name) == framework_of(inner)


def test_it_is_told_that_scopedown_runs_it(tmp_path: Path) -> None:
    root, out = service(tmp_path / "root"), tmp_path / "out"
    out.mkdir()
    install(root, f'echo "$SCOPEDOWN_RUNNING" > {tmp_path}/told; cp {GOLDEN}/packaged/* "$3"')
    package(root, Options(), out)
    assert (tmp_path / "told").read_text() == "1\n"


def test_it_packages_into_the_given_folder_with_the_given_options(tmp_path: Path) -> None:
    root, out = service(tmp_path / "root"), tmp_path / "out"
    out.mkdir()
    install(root, f'printf "%s\\n" "$PWD" "$@" > {tmp_path}/called; cp {GOLDEN}/packaged/* "$3"')
    options = Options(stage="qa", region="eu-west-1", params={"a": "b c; exit"}, opts={"x": "$HOME"})
    assert package(root, options, out).parent == out
    assert (tmp_path / "called").read_text().splitlines() == [
        str(root), "package", "--package", str(out),
        "--x=$HOME", "--stage=qa", "--region=eu-west-1", "--param=a=b c; exit",
    ]  # fmt: skip


def test_the_project_is_what_the_framework_packages(tmp_path: Path) -> None:
    root = service(tmp_path / "root")
    install(root, f'cp {GOLDEN}/packaged/* "$3"')
    project = run_framework(root, Options())
    assert [function.key for function in project.functions] == ["takeOrder", "list-orders"]
    assert project.root == str(root)
    assert project.functions[0].place.file == "cloudformation-template-update-stack.json"


def test_another_configuration_file_is_named_to_it(tmp_path: Path) -> None:
    root = service(tmp_path / "root")
    (root / "other.yml").write_text("service: other\nprovider: {name: aws}\n")
    install(root, f'printf "%s\\n" "$@" > {tmp_path}/called; cp {GOLDEN}/packaged/* "$3"')
    run_framework(root / "other.yml", Options())
    assert "--config=other.yml" in (tmp_path / "called").read_text()
    run_framework(root, Options())
    assert "--config" not in (tmp_path / "called").read_text()


def test_without_a_framework_it_is_said_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ScopedownError, match="no framework is installed") as caught:
        run_framework(service(tmp_path / "root"), Options())
    assert "npm install" in caught.value.remedy


def test_where_it_fails_the_end_of_its_output_is_shown(tmp_path: Path) -> None:
    root = service(tmp_path / "root")
    install(root, 'i=0; while [ $i -lt 500 ]; do echo "line $i"; i=$((i+1)); done; echo "Error: no stage" >&2; exit 3')
    with pytest.raises(
        ScopedownError, match=r"osls package failed with exit code 3: .*line 499 . Error: no stage$"
    ) as caught:
        run_framework(root, Options())
    assert "line 400" not in str(caught.value)


def test_where_it_writes_nothing_that_is_said(tmp_path: Path) -> None:
    root = service(tmp_path / "root")
    install(root, "exit 0")
    with pytest.raises(ScopedownError, match="osls package did not write cloudformation"):
        run_framework(root, Options())


def test_where_it_does_not_end_it_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    root = service(tmp_path / "root")
    install(root, f"(sleep 3; touch {tmp_path}/late) & sleep 60")
    with pytest.raises(ScopedownError, match=r"did not end within 0\.5 s"):
        package(root, Options(), tmp_path, limit=0.5)
    time.sleep(3.5)
    assert not (tmp_path / "late").exists()


def test_it_cannot_ask_its_user_anything(tmp_path: Path) -> None:
    root = service(tmp_path / "root")
    install(root, "read answer && exit 0; echo nobody answers; exit 1")
    with pytest.raises(ScopedownError, match="nobody answers"):
        run_framework(root, Options())


def test_reading_a_project_never_asks_it(tmp_path: Path) -> None:
    root = service(tmp_path / "root")
    install(root, f"touch {tmp_path}/ran")
    load_project(root, Options())
    assert not (tmp_path / "ran").exists()


def test_a_folder_of_another_tool_is_not_packaged(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("Resources: {A: {Type: AWS::SQS::Queue}}\n")
    install(tmp_path, "exit 0")
    with pytest.raises(ScopedownError, match="is not a project of the Serverless Framework"):
        run_framework(tmp_path, Options())
